using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>bash at a terminal: readline's own cutting of words, which nothing else does quite as it does.</summary>
public sealed class ReadlineTests
{
    private const string Prompt = "ready> ";

    [Theory]
    [InlineData("mmuemu run --tra", "mmuemu run --trace")]
    [InlineData("mmuemu run --tlb=no", "mmuemu run --tlb=nocache")]
    [InlineData("mmuemu run --profile strict,qu", "mmuemu run --profile strict,quirks")]
    [InlineData("mmuemu run --cpu v3,vendor=i", "mmuemu run --cpu v3,vendor=intel")]
    [InlineData("mmuemu walk hello 0x401000 --at sy", "mmuemu walk hello 0x401000 --at syscall:")]
    [InlineData("mmuemu run --env 'A=B C' hello m", "mmuemu run --env 'A=B C' hello mem.txt")]
    [InlineData("mmuemu run ./he", "mmuemu run ./helper")]
    [InlineData("mmuemu pte decode 0x67 >m", "mmuemu pte decode 0x67 >mem.txt")]
    public async Task A_tab_completes(string typed, string completed)
    {
        ShellHarness.Need("tmux", "tmux");
        using TempFolder folder = new();
        string socket = folder.Unused("socket");
        string script = folder.Script("bash");
        string start = folder.Unused("start");
        await File.WriteAllTextAsync(start, $"PS1='{Prompt}'\nsource {script}\n", TestContext.Current.CancellationToken);
        try
        {
            await Tmux(folder, socket, "new-session", "-d", "-x", "120", "-y", "20", $"bash --noprofile --rcfile {start} -i");
            await Shown(folder, socket, Prompt.TrimEnd());
            await Tmux(folder, socket, "send-keys", "-l", typed);
            await Tmux(folder, socket, "send-keys", "Tab");

            string screen = await Shown(folder, socket, Prompt + completed);

            screen.ShouldBe(Prompt + completed);
        }
        finally
        {
            await Tmux(folder, socket, "kill-server");
        }
    }

    /// <summary>The first line on the screen, when it is what is awaited or has not become it for a long time.</summary>
    private static async Task<string> Shown(TempFolder folder, string socket, string awaited)
    {
        string line = "";
        for (int i = 0; i < 300 && line != awaited; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            line = (await Tmux(folder, socket, "capture-pane", "-p")).Output.Split('\n')[0].TrimEnd();
        }

        return line;
    }

    private static Task<HostRun> Tmux(TempFolder folder, string socket, params string[] words) =>
        HostProcess.Run(new HostPlace(folder.Path) { Variables = [("TERM", "xterm"), ("LC_ALL", "C.UTF-8")] }, "tmux", ["-S", socket, "-f", "/dev/null", .. words]);
}
