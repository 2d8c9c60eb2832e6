using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Lab;

/// <summary>One experiment with one cure: the run, and what it shows.</summary>
internal sealed class LabRun
{
    private const ulong MostInstructions = 50_000_000;

    private static readonly (string Counter, string Says)[] Words =
    [
        ("atomic_sleeps", "slept in an atomic state"),
        ("atomic_faults", "served a fault in an atomic state"),
        ("stolen", "went through a window that led elsewhere"),
        ("oopses", "went through a window that led nowhere"),
        ("lock_cycles", "waited for locks in a circle"),
    ];

    private LabRun(LabCase what, string cure, RunResult result, string output, IReadOnlyList<string> notices)
    {
        (Case, Cure, Result, Output, Notices) = (what, cure, result, output, notices);
        Counts = [.. result.Statistics.CopyCounts];
        Findings = [.. Find()];
    }

    /// <summary>The experiment.</summary>
    public LabCase Case { get; }

    /// <summary>The cure.</summary>
    public string Cure { get; }

    /// <summary>How it ended.</summary>
    public RunResult Result { get; }

    /// <summary>What the guest printed.</summary>
    public string Output { get; }

    /// <summary>What the user is told.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>What was counted of windows and copies.</summary>
    public IReadOnlyList<(string Name, ulong Count)> Counts { get; }

    /// <summary>What went wrong; empty when nothing did.</summary>
    public IReadOnlyList<string> Findings { get; }

    /// <summary>True when nothing went wrong.</summary>
    public bool IsSafe => Findings.Count == 0;

    /// <summary>The line that repeats it.</summary>
    public string CommandLine
    {
        get
        {
            IEnumerable<string> rules = Case.Rules.Select(rule => $"--pressure '{rule}' ");
            string cpus = Case.Cpus == 1 ? "" : $"--cpus {Case.Cpus} ";
            return $"mmuemu run --ram {Case.Ram} --swap {Case.Swap} {cpus}--profile {Case.ProfileWith(Cure)} {string.Concat(rules)}--allow-unfired --trace copy,rule {Case.Guest} {string.Join(' ', Case.Words)}";
        }
    }

    /// <summary>The count of that name.</summary>
    public ulong this[string counter] => Counts.First(one => one.Name == counter).Count;

    /// <summary>Runs the experiment.</summary>
    public static LabRun Of(LabCase what, string cure, ITraceSink? trace = null)
    {
        GuestChoice guest = GuestChoice.Shipping(what.Guest)
            ?? throw new CommandException(ExitCodes.NoGuest, $"the program {what.Guest} did not come with this installation", "try: mmuemu guests");
        BytesOutput said = new();
        List<Notice> notices = [];
        KernelOptions options = new()
        {
            Program = guest.File,
            ProgramPath = guest.GuestPath,
            HostRoot = null,
            Arguments = [guest.GuestPath!, .. what.Words],
            RamBytes = BytesOf(what.Ram),
            SwapBytes = BytesOf(what.Swap),
            Cpus = what.Cpus,
            Profile = ProfileText.Parse(what.ProfileWith(cure)),
            Pressure = [.. what.Rules.Select(RuleOf)],
            Output = said,
            Error = said,
            Trace = trace,
            Notices = notices.Add,
            MaxInstructions = MostInstructions,
        };
        using MiniKernel kernel = GuestSession.Start(options);
        RunResult result = kernel.Run();
        return new LabRun(what, cure, result, said.Text, [.. notices.Select(notice => NoticeText.Of(notice, options.Cpu))]);
    }

    private static ulong BytesOf(string text) => ByteCount.TryParse(text, out ulong bytes) ? bytes : throw new InvalidOperationException($"'{text}' is no size");

    private static PressureRule RuleOf(string text) => PressureRuleParser.TryParse(text, out PressureRule rule, out PressureError error)
        ? rule
        : throw new InvalidOperationException($"'{text}': {PressureText.Of(error)}");

    private IEnumerable<string> Find()
    {
        foreach ((string counter, string says) in Words)
        {
            if (this[counter] > 0 && Case.Detectors.Contains(counter))
            {
                yield return says;
            }
        }

        ulong killed = Result.Statistics.Memory[MmCounter.OomKill];
        if (killed > 0)
        {
            yield return $"{killed} {(killed == 1 ? "task" : "tasks")} killed for memory";
        }

        if (Result.Reason != EndReason.Exited)
        {
            yield return $"ended by {Result.Reason.ToString().ToLowerInvariant()}";
        }
        else if (Result.ExitCode != 0)
        {
            yield return $"the guest found it wrong (exit {Result.ExitCode})";
        }
    }
}
