using System.CommandLine;
using System.CommandLine.Parsing;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu run</c>: runs a guest to its end.</summary>
internal static class RunCommand
{
    private static readonly TraceKinds JsonDefault =
        TraceKinds.Fault | TraceKinds.Syscall | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task | TraceKinds.Rule;

    private const string TraceName = "--trace";

    /// <summary>Explains the lines of a trace when <paramref name="parsed"/> is <c>run --trace help</c>, with or without a guest.</summary>
    /// <returns>False for any other command line.</returns>
    public static bool TryExplainTrace(ParseResult parsed, Output output)
    {
        if (parsed.CommandResult.Command.Name != "run" || parsed.GetResult(TraceName) is not OptionResult { Tokens: [{ Value: TraceKindText.Help }] })
        {
            return false;
        }

        TraceKindText.Explain().ToList().ForEach(output.Out.WriteLine);
        return true;
    }

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        RunFlags flags = new();
        Option<string?> trace = new(TraceName)
        {
            HelpName = "KINDS",
            Description = "Write events to stderr: fault,walk,access,syscall,reclaim,signal,mark,task,rule,boot or all; help explains kinds and lines.",
            CompletionSources = { ValueWords.ListOf(() => TraceKindText.Words).Complete },
        };
        Option<bool> strace = new("--strace") { Description = "Write system calls, faults and signals to stderr." };
        Option<bool> stats = new("--stats") { Description = "Count cycles and print the counters to stderr at the end." };
        Option<bool> json = new("--json") { Description = "One JSON document on stdout: events, guest output, how it ended." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing about the run itself." };
        Command command = new("run", "Runs a guest to its end; its own exit status passes through. Options end at GUEST: what follows is the guest's.") { trace, strace, stats, json, quiet };
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            TraceKinds kinds = TraceKindText.Parse(parsed.GetValue(trace) ?? "");
            if (parsed.GetValue(strace))
            {
                kinds |= TraceKinds.Syscall | TraceKinds.Signal;
            }

            PlannedRun plan = RunPlan.Of(parsed, flags);
            plan = plan with { Options = plan.Options with { Timing = parsed.GetValue(stats) ? TimingMode.On : TimingMode.Off } };
            Report report = new(parsed.GetValue(stats), parsed.GetValue(quiet));
            return parsed.GetValue(json)
                ? RunJson(plan, kinds == TraceKinds.None ? JsonDefault : kinds, report, output)
                : RunText(plan, kinds, report, output);
        });
        return command;
    }

    private static int RunText(PlannedRun plan, TraceKinds kinds, Report report, Output output)
    {
        NotableSignals notable = new();
        SoftPteFormat format = new(plan.Options.Profile);
        List<ITraceSink> sinks = [notable];
        if (kinds != TraceKinds.None)
        {
            sinks.Add(new TraceText(output.Error, kinds, format, output.ErrorPaint, plan.Options.Cpus));
        }

        Action<string> say = report.Quiet ? static _ => { } : output.Say;
        GuestStreams streams = plan.StreamsOf(output.Guest);
        KernelOptions options = plan.Options with
        {
            Input = streams.Input,
            Output = streams.Output,
            Error = streams.Error,
            Trace = new TraceFan(sinks),
            Notices = new NoticeTeller(plan.Options.Cpu, say).Take,
        };
        using MiniKernel kernel = GuestSession.Start(options);
        plan.Notes.ToList().ForEach(say);
        using Interruption interruption = Interruption.Of(kernel, plan, output, streams);
        Verdict verdict = Verdict.Of(plan, LongRun.Of(kernel, interruption, report.StatusOn(output)), interruption);
        SummaryText.Lines(plan.Typed, options, verdict, notable).ToList().ForEach(say);
        MissedText.Lines(verdict).ToList().ForEach(output.Say);
        if (report.Stats)
        {
            StatsText.Write(output.Error, options.Arguments[0], verdict.Result);
        }

        return verdict.Status;
    }

    private static int RunJson(PlannedRun plan, TraceKinds kinds, Report said, Output output)
    {
        BytesOutput guestOut = new();
        BytesOutput guestError = new();
        using JsonReport report = new(output.Out, kinds);
        KernelOptions options = plan.Options with
        {
            Input = new PlainStream(output.Guest.Input),
            Output = guestOut,
            Error = guestError,
            Trace = report,
            Notices = new NoticeTeller(plan.Options.Cpu, report.AddDiagnostic).Take,
        };
        report.Begin(options);
        plan.Notes.ToList().ForEach(report.AddDiagnostic);
        using MiniKernel kernel = GuestSession.Start(options);
        using Interruption interruption = Interruption.Of(kernel, plan, output);
        Verdict verdict = Verdict.Of(plan, LongRun.Of(kernel, interruption, said.StatusOn(output)), interruption);
        if (verdict.Cause != InterruptCause.None)
        {
            report.AddDiagnostic(SummaryText.CauseText(verdict));
        }

        List<string> missed = [.. MissedText.Lines(verdict)];
        missed.ForEach(report.AddDiagnostic);
        report.End(verdict, new RunRemains(options, kernel.HashRam(), guestOut, guestError, options.ProgramPath is null ? kernel.HostFiles() : []));
        missed.ForEach(output.Say);
        return verdict.Status;
    }

    private readonly record struct Report(bool Stats, bool Quiet)
    {
        public StatusLine? StatusOn(Output output) => Quiet ? null : output.Seat.Status;
    }
}
