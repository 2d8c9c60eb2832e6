using System.Text.RegularExpressions;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>What gdb prints when it carries out a script at a run.</summary>
internal static partial class GdbTranscript
{
    private static readonly string[] Noise = ["Reading ", "warning: ", "sending: ", "received: ", "(No debugging symbols"];

    /// <summary>Skips the test where there is no gdb.</summary>
    public static void NeedGdb() => Assert.SkipUnless(HostProcess.Exists("gdb"), "needs gdb: apt-get install -y gdb");

    /// <summary>Runs a script of a file in Tests/Data/gdb.</summary>
    /// <param name="script">Its name.</param>
    /// <param name="guest">Options and guest of <c>mmuemu gdb</c>.</param>
    /// <param name="setup">Commands before it.</param>
    public static async Task<string> Of(string script, string guest, params string[] setup)
    {
        string program = NativeProgram.File is { } native ? native : $"dotnet {Path.Combine(AppContext.BaseDirectory, "mmuemu.dll")}";
        List<string> arguments = ["-nx", "-batch", "-ex", "set pagination off", "-ex", "set confirm off", "-ex", "set height 0", "-ex", "set width 0", "-ex", "set remotetimeout 100"];
        foreach (string command in (string[])[.. setup, $"target remote | {program} gdb --stdio {guest}", $"source {Path.Combine(SourceTree.Root, "Tests", "Data", "gdb", script)}"])
        {
            arguments.AddRange(["-ex", command]);
        }

        HostRun run = await HostProcess.Run("gdb", [.. arguments]);
        run.Errors.ShouldNotContain("Error in sourced", Case.Sensitive, run.Output + run.Errors);
        return string.Join('\n', run.Output.Split('\n').Where(line => !Array.Exists(Noise, noise => line.StartsWith(noise, StringComparison.Ordinal))));
    }

    /// <summary>The same without what differs from one C library to the next: addresses and Ts.</summary>
    public static string WithoutPlaces(string transcript) => Time().Replace(Address().Replace(transcript, "0x…"), "t=…");

    [GeneratedRegex("0x[0-9a-f]{5,16}")]
    private static partial Regex Address();

    [GeneratedRegex(@"t=[0-9]+(\.[0-9]+)?")]
    private static partial Regex Time();
}
