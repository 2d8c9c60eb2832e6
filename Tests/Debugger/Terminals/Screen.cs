using MmuEmu.Tests.Guests;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.Debugger.Terminals;

/// <summary>A terminal with a shell in it that knows the command as <c>m</c>, held by tmux: what is typed, and what is to be seen.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private const int Columns = 80;
    private const int Rows = 16;

    // tpgid, counted from the state on.
    private const int ForegroundField = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);

    private readonly string _folder;

    private Screen(string folder) => _folder = folder;

    /// <summary>Opens one, or skips the test where it cannot be had.</summary>
    public static async Task<Screen> Open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        Assert.SkipUnless(HostProcess.Exists("tmux"), "needs tmux: apt-get install tmux");
        Assert.SkipUnless(File.Exists("/bin/busybox"), "needs busybox: apt-get install busybox-static");
        Screen screen = new(Directory.CreateTempSubdirectory("mmuemu-").FullName);
        string program = NativeProgram.File is { } native ? $"'{native}'" : $"dotnet '{Path.Combine(AppContext.BaseDirectory, "mmuemu.dll")}'";
        await File.WriteAllTextAsync(Path.Combine(screen._folder, "setup"), $$"""
            m() { {{program}} "$@"; }
            ended() {
                s=$? i=0
                # A new size of the window reaches the terminal some time later.
                until stty -a | cmp -s - before || [ $i = 50 ]; do i=$((i + 1)); sleep 0.1; done
                echo "ended with $s $(stty -a | cmp - before && echo same settings)"
            }
            PS1='> '
            stty -a > before
            echo prepared
            """);
        (await screen.Tmux("-f", "/dev/null", "new-session", "-d", "-x", $"{Columns}", "-y", $"{Rows}", "-c", screen._folder, "env ENV= TERM=screen sh")).Errors.ShouldBe("");
        await screen.Type(". ./setup\n");
        await screen.Shows("prepared\n");
        await screen.Type("clear\n");
        await screen.Shows(text => text.TrimEnd() == ">", "a cleared screen");
        return screen;
    }

    /// <summary>A file in the shell's folder.</summary>
    public Task Put(string name, string content) => File.WriteAllTextAsync(Path.Combine(_folder, name), content);

    /// <summary>Types characters; a line feed is the key Enter.</summary>
    public async Task Type(string text)
    {
        foreach (string part in text.Split('\n').SelectMany((line, i) => i == 0 ? [line] : new[] { "\n", line }).Where(part => part.Length > 0))
        {
            await (part == "\n" ? Press("Enter") : Tmux("send-keys", "-l", part));
        }
    }

    /// <summary>Presses keys by tmux's names, such as C-c, Escape, Left.</summary>
    public Task Press(params string[] keys) => Tmux(["send-keys", .. keys]);

    /// <summary>Presses a key again and again, several times a second, until <paramref name="wanted"/> is to be seen.</summary>
    public Task<string> PressUntil(string key, string wanted) =>
        Shows(
            text =>
            {
                bool seen = text.Contains(wanted, StringComparison.Ordinal);
                _ = seen ? Task.CompletedTask : Press(key);
                return seen;
            },
            $"'{wanted}'");

    /// <summary>Makes the window another size.</summary>
    public Task Resize(int columns, int rows) => Tmux("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    /// <summary>Sends a signal to the command that runs in the terminal.</summary>
    public async Task Signal(string name)
    {
        string shell = (await Tmux("display-message", "-p", "#{pane_pid}")).Output.Trim();
        string status = await File.ReadAllTextAsync($"/proc/{shell}/stat");
        string group = status[(status.LastIndexOf(')') + 2)..].Split(' ')[ForegroundField];
        (await HostProcess.Run("/bin/busybox", "kill", $"-{name}", $"-{group}")).Errors.ShouldBe("");
    }

    /// <summary>Waits until <paramref name="wanted"/> is to be seen.</summary>
    public Task<string> Shows(string wanted) => Shows(text => text.Contains(wanted, StringComparison.Ordinal), $"'{wanted}'");

    /// <summary>Waits until what is to be seen is as wanted; lines end in line feeds, without blanks before.</summary>
    public async Task<string> Shows(Func<string, bool> wanted, string what)
    {
        long began = TimeProvider.System.GetTimestamp();
        string text = await Text();
        while (!wanted(text))
        {
            (TimeProvider.System.GetElapsedTime(began) < Patience).ShouldBeTrue($"{what} did not come; the screen:\n{text}");
            await Task.Delay(Look);
            text = await Text();
        }

        return text;
    }

    /// <summary>Waits until the host's terminal has a setting, in the words of stty.</summary>
    public async Task Sets(string setting)
    {
        string terminal = (await Tmux("display-message", "-p", "#{pane_tty}")).Output.Trim();
        long began = TimeProvider.System.GetTimestamp();
        while (!(await HostProcess.Run("stty", "-a", "-F", terminal)).Output.Contains(setting, StringComparison.Ordinal))
        {
            (TimeProvider.System.GetElapsedTime(began) < Patience).ShouldBeTrue($"{setting} was not set");
            await Task.Delay(Look);
        }
    }

    /// <summary>Waits so long that the next interrupt is not the second within a second.</summary>
    public Task Rest() => Task.Delay(TimeSpan.FromSeconds(1.1));

    /// <summary>What is to be seen.</summary>
    public async Task<string> Text() => string.Join('\n', (await Tmux("capture-pane", "-p")).Output.Split('\n').Select(line => line.TrimEnd()));

    /// <summary>Waits until the shell asks for a command; what a guest drew may be left below.</summary>
    public Task<string> Prompts() => Shows(text => text.Contains("\n>\n", StringComparison.Ordinal), "the shell's prompt");

    /// <summary>Asks the shell how the last command ended, and whether the terminal is what it was.</summary>
    public async Task Ended(int status)
    {
        await Prompts();
        await Type("ended\n");
        await Shows($"ended with {status} same settings\n");
    }

    /// <summary>Closes it, and ends what runs in it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Tmux("kill-server");
        Directory.Delete(_folder, recursive: true);
    }

    private string Socket => Path.Combine(_folder, "tmux");

    private Task<HostRun> Tmux(params string[] words) => HostProcess.Run("tmux", ["-S", Socket, .. words]);
}
