using System.Text;
using MmuEmu.Tests.Debugger;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Native;

/// <summary>The second run of every command that a test runs: by the native program, which has to do the very same.</summary>
/// <remarks>Where there is no native program it does nothing; <see cref="NativeProgramTests"/> says so, once.</remarks>
internal static class NativeTwin
{
    /// <summary>Compares with what the command did inside this process.</summary>
    public static void Agrees(CommandResult here, params string[] arguments)
    {
        if (NativeProgram.File is not { } program)
        {
            return;
        }

        HostRun native = HostProcess.Run(new HostPlace(Directory.GetCurrentDirectory()), program, arguments).GetAwaiter().GetResult();

        string title = $"native: mmuemu {string.Join(' ', arguments)}";
        // Each is installed in a folder of its own, and says so where it is asked.
        native.Output.Replace(Path.GetDirectoryName(program)!, AppContext.BaseDirectory.TrimEnd('/'), StringComparison.Ordinal)
            .ShouldBe(Bytes(here.GuestOut + here.Out), title);
        InAnyOrder(native.Errors).ShouldBe(InAnyOrder(Bytes(here.GuestError + here.Error)), title);
        native.ExitCode.ShouldBe(here.Status, title);
    }

    /// <summary>Compares with what the command did in a process of its own.</summary>
    public static async Task Agrees(HostRun managed, HostPlace place, params string[] arguments)
    {
        if (NativeProgram.File is { } program)
        {
            (await HostProcess.Run(place, program, arguments)).ShouldBe(managed, $"native: mmuemu {string.Join(' ', arguments)}");
        }
    }

    /// <summary>A byte is a character, as <see cref="HostProcess"/> reads them.</summary>
    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The guest and the command share one standard error, and in this process each has its own.</summary>
    private static string[] InAnyOrder(string errors) => [.. errors.Split('\n').Order(StringComparer.Ordinal)];
}
