using MmuEmu.Debugger.Lab;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Tests.Builders;

/// <summary>Runs of the lab's guests under forced schedules.</summary>
internal static class CopyRuns
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(string Row, string Cure), LabRun> Known = new();

    /// <summary>A run of the lab's own experiment; the same run is made once.</summary>
    public static LabRun Of(string row, string cure) => Known.GetOrAdd((row, cure), key => LabRun.Of(LabTable.Find(key.Row)!, key.Cure));

    /// <summary>The lab's experiment with other words of the profile, or other rules.</summary>
    public static LabRun Of(string row, string cure, string profile, params string[] rules)
    {
        LabCase one = LabTable.Find(row)!;
        return LabRun.Of(one with { Profile = profile, Rules = rules.Length == 0 ? one.Rules : rules }, cure);
    }

    /// <summary>A scenario of a guest that is no row of the lab.</summary>
    public static LabRun Scenario(string guest, string words, string cure, string profile, params string[] rules) =>
        LabRun.Of(new LabCase("", "", guest, words.Split(' '), rules) { Profile = profile }, cure);

    /// <summary>The same with several processors.</summary>
    public static LabRun OnCpus(int cpus, string words, string cure, string profile, params string[] rules) =>
        LabRun.Of(new LabCase("", "", "kmap-copy", words.Split(' '), rules) { Profile = profile, Cpus = cpus }, cure);

    /// <summary>A kernel with a scenario loaded, for a test that looks inside.</summary>
    public static MiniKernel Kernel(string guest, string words, string profile, string ram, TraceRecorder? trace, params string[] rules)
    {
        GuestChoice choice = GuestChoice.Shipping(guest)!;
        KernelOptions options = new()
        {
            Program = choice.File,
            ProgramPath = choice.GuestPath,
            HostRoot = null,
            Arguments = [choice.GuestPath!, .. words.Split(' ')],
            RamBytes = ulong.Parse(ram, System.Globalization.CultureInfo.InvariantCulture) << 20,
            SwapBytes = 64UL << 20,
            Profile = ProfileText.Parse(profile),
            Pressure = [.. rules.Select(rule => { PressureRuleParser.TryParse(rule, out PressureRule made, out _).ShouldBeTrue(rule); return made; })],
            Output = new BytesOutput(),
            Error = new BytesOutput(),
            Trace = trace,
            MaxInstructions = 50_000_000,
        };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        return kernel!;
    }

    /// <summary>The line of the guest that begins so, without its beginning.</summary>
    public static string Line(this LabRun run, string name) =>
        run.Output.Split('\n').First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];
}
