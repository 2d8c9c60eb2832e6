using System.CommandLine;
using System.Text;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Guests;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.State;

/// <summary>A run that can be stopped, saved, restored and gone on with, every part of it compared as text.</summary>
internal sealed class SavedRun : IDisposable
{
    // A program that only computes does the same for ever; this much of it will do.
    private const ulong SpeedLimit = 3_000_000;

    // One that faults for ever tells of each fault, and all of it is kept.
    private const string Endless = "bad-sigbus-loop";
    private const ulong EndlessLimit = 200_000;

    private const TraceKinds Families = TraceKinds.Fault | TraceKinds.Walk | TraceKinds.Syscall | TraceKinds.Reclaim
        | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task | TraceKinds.Rule;

    private readonly TraceRecorder _trace = new(Families);
    private readonly BytesOutput _output = new();
    private readonly BytesOutput _errors = new();

    /// <summary>A run of a program that ships.</summary>
    /// <param name="line">Options of <c>mmuemu run</c> and the program; the catalogue's options hold besides.</param>
    /// <param name="timing">Whether cycles are counted.</param>
    public SavedRun(string line, TimingMode timing = TimingMode.Off)
    {
        KernelOptions options = OptionsOf(line);
        options = options with { Output = _output, Error = _errors, Trace = _trace, Timing = timing };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        Kernel = kernel!;
    }

    /// <summary>The kernel.</summary>
    public MiniKernel Kernel { get; }

    /// <summary>The run that a command line asks for; one that would not end is limited.</summary>
    /// <param name="line">Options of <c>mmuemu run</c> and the program; the catalogue's options hold besides.</param>
    public static KernelOptions OptionsOf(string line)
    {
        RunFlags flags = new();
        Command command = new("run");
        flags.AddTo(command);
        string[] words = line.Split('|') is [string before, string quoted, string after] ? [.. before.Split(' '), quoted, after] : line.Split(' ');
        KernelOptions options = RunPlan.Of(command.Parse(words), flags).Options;
        bool speed = GuestCatalogue.TryFind(Array.Find(words, word => GuestCatalogue.TryFind(word, out _)) ?? "", out GuestProgram? program)
            && program.Kind == GuestKind.Speed;
        return options with { MaxInstructions = Math.Min(speed ? SpeedLimit : line == Endless ? EndlessLimit : ulong.MaxValue, options.MaxInstructions) };
    }

    /// <summary>Runs to <paramref name="stop"/>: all that happened on the way, how it ended, and what the machine and its counters are then.</summary>
    public Told Run(StopAt stop = default)
    {
        (int written, int complained) = (_output.Written.Length, _errors.Written.Length);
        _trace.Events.Clear();
        RunResult result = Kernel.Run(stop);
        List<string> events = _trace.All;
        _trace.Events.Clear();
        return new Told(events, EndOf(result, Text(_output, written), Text(_errors, complained)));
    }

    /// <summary>Frees the machine.</summary>
    public void Dispose() => Kernel.Dispose();

    private static string Text(BytesOutput output, int from) => Convert.ToHexString(output.Written[from..]);

    /// <summary>What a run has left: its end, RAM and all counters.</summary>
    public static string LeftBy(MiniKernel kernel, RunResult result)
    {
        StringBuilder text = new();
        text.AppendLine($"{result.Reason} {result.ExitCode} {result.Signal} T={result.Time} {result.Message} {result.Shortage} {result.LastFault}");
        text.AppendLine($"ram {Convert.ToHexString(kernel.HashRam())}");
        RunStatistics counts = result.Statistics;
        text.AppendLine($"{counts.Instructions} {counts.Syscalls} {counts.PageFaults} {counts.SignalsHandled} {counts.ContextSwitches} {counts.Processes}");
        text.AppendLine(string.Join(' ', counts.UnknownSyscalls)).AppendLine(string.Join(' ', counts.UnsupportedInstructions));
        text.AppendLine(string.Join(' ', Enum.GetValues<MmCounter>().Select(counter => counts.Memory[counter])));
        for (int i = 0; i < counts.Cores.Count; i++)
        {
            text.AppendLine($"core {i}: {counts.Cores[i].Retired} {TextOf(counts.Cores[i].Mmu.Counters)} {counts.Cores[i].Clock?.Now}");
        }

        return text.ToString();
    }

    private static string TextOf(MmuCounters counters)
    {
        IEnumerable<string> kinds = Enum.GetValues<AccessKind>().Select(kind =>
            $"{kind}: {counters.FirstLevelHits(kind)} {counters.SecondLevelHits(kind)} {counters.Misses(kind)}");
        IEnumerable<string> others = typeof(MmuCounters).GetProperties().Where(property => property.PropertyType == typeof(ulong))
            .Select(property => $"{property.Name}={property.GetValue(counters)}");
        return string.Join(' ', [.. kinds, .. others]);
    }

    private string EndOf(RunResult result, string written, string complained) => $"out {written}\nerr {complained}\n{LeftBy(Kernel, result)}";

    /// <summary>What a run told.</summary>
    /// <param name="Events">The events, as text.</param>
    /// <param name="End">How it ended: result, streams, RAM, counters.</param>
    internal sealed record Told(List<string> Events, string End)
    {
        /// <summary>Fails at the first difference.</summary>
        public void ShouldBeLike(Told other, string when)
        {
            int same = 0;
            while (same < Math.Min(Events.Count, other.Events.Count) && Events[same] == other.Events[same])
            {
                same++;
            }

            string mine = same < Events.Count ? Events[same] : "(none)";
            string others = same < other.Events.Count ? other.Events[same] : "(none)";
            mine.ShouldBe(others, $"{when}: event {same} of {Events.Count} and {other.Events.Count}");
            End.ShouldBe(other.End, when);
        }

        /// <summary>This, and what came after it.</summary>
        public Told Then(Told next) => new([.. Events, .. next.Events], next.End);
    }
}
