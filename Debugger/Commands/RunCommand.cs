using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
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

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Option<string?> trace = new(TraceKindText.Option)
        {
            HelpName = "KINDS",
            Description = "Write events to stderr: fault,walk,access,syscall,reclaim,signal,mark,task,rule,boot or all; help explains kinds and lines.",
            CompletionSources = { ValueWords.ListOf(() => TraceKindText.Words).Complete },
        };
        Option<bool> strace = new("--strace") { Description = "Write system calls, faults and signals to stderr." };
        Option<bool> stats = new("--stats") { Description = "Count cycles and print the counters to stderr at the end." };
        Option<bool> json = new("--json") { Description = "One JSON document on stdout: events, guest output, how it ended, and all that made the run: its environment and input too." };
        Option<string?> from = new("--from")
        {
            HelpName = "FILE",
            Description = "Repeat the run of a report that --json wrote or of a recording that --record wrote: GUEST, its arguments, input, options and folder are the file's; of a report the guest's files must not have changed.",
            CompletionSources = { ValueWords.File.Complete },
        };
        Option<string?> record = RecordOption();
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing about the run itself." };
        Command command = new("run", "Runs a guest to its end; its own exit status passes through. Options end at GUEST: what follows is the guest's.") { trace, strace, stats, json, from, record, quiet };
        RunFlags flags = new() { Told = [trace, strace, stats] };
        flags.AddTo(command);
        flags.Guest.Arity = ArgumentArity.ZeroOrMore;
        command.Validators.Add(line =>
        {
            if (line.GetResult(flags.Guest) is not { Tokens.Count: > 0 } && line.GetResult(from) is null)
            {
                line.AddError("Required argument 'GUEST' missing for command: 'run'.");
            }
        });
        command.SetAction(parsed =>
        {
            (PlannedRun plan, Recording? played) = PlanOf(parsed, flags, parsed.GetValue(from), output);
            TraceKinds kinds = TraceKindText.Parse(plan.Record.ValueOf(trace.Name))
                | (plan.Record.Has(strace.Name) ? TraceKinds.Syscall | TraceKinds.Signal : TraceKinds.None);
            Report report = new(plan.Record.Has(stats.Name), parsed.GetValue(quiet), played);
            plan = plan with { Options = plan.Options with { Timing = report.Stats ? TimingMode.On : TimingMode.Off } };
            if (parsed.GetValue(record) is { } recording)
            {
                DemandNew(played);
                plan = plan with { RecordTo = recording };
            }

            return parsed.GetValue(json)
                ? RunJson(plan, kinds == TraceKinds.None ? JsonDefault : kinds, report, output)
                : RunText(plan, kinds, report, output);
        });
        return command;
    }

    private static (PlannedRun Plan, Recording? Played) PlanOf(ParseResult parsed, RunFlags flags, string? from, Output output)
    {
        ProgramWord.Demand(parsed, flags.Guest);
        Recording? played = from is not null && RecordingFile.IsRecording(from) ? RecordingReader.Read(from) : null;
        PlannedRun plan = played is not null ? RecordedRepetition.Of(played, parsed, flags)
            : from is not null ? Repetition.Of(ReportReader.Read(from), parsed, flags, output.Guest.Input)
            : RunPlan.Of(parsed, flags);
        return (plan, played);
    }

    private static Option<string?> RecordOption() => new("--record")
    {
        HelpName = "FILE",
        Description = "Write a recording, such as run.mmurec: all that made the run, its input and files too, for mmuemu debug and mmuemu gdb.",
        CompletionSources = { ValueWords.File.Complete },
    };

    /// <summary>A recording is not recorded again: it would be the same but for who is asked.</summary>
    private static void DemandNew(Recording? played)
    {
        if (played is not null)
        {
            throw new CommandException(
                ExitCodes.Usage,
                $"--record beside --from '{played.File}': expected a report or a GUEST to be recorded, found a recording",
                $"try: cp {ShellQuote.PosixBytes(played.File)} copy.mmurec; or mmuemu run --from {ShellQuote.PosixBytes(played.File)}");
        }
    }

    /// <summary>Who stands between the run and its host; null for nobody.</summary>
    private static IRunTape? TapeOf(PlannedRun plan, in Report report, GuestStreams streams) =>
        report.Played is { } played ? new RunReplay(played, streams, plan.Options.Disk)
        : plan.RecordTo is { } file ? RunRecorder.Begin(file, plan, streams)
        : null;

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
        using IRunTape? tape = TapeOf(plan, report, plan.StreamsOf(output.Guest));
        GuestStreams streams = tape?.Streams ?? plan.StreamsOf(output.Guest);
        KernelOptions options = plan.Options with
        {
            Input = streams.Input,
            Output = streams.Output,
            Error = streams.Error,
            Disk = tape?.Disk ?? plan.Options.Disk,
            Trace = new TraceFan(tape is null ? sinks : [.. sinks, tape.Sink]),
            Notices = new NoticeTeller(plan.Options.Cpu, say).Take,
        };
        using MiniKernel kernel = GuestSession.Start(options);
        plan.Notes.ToList().ForEach(say);
        using Interruption interruption = Interruption.Of(kernel, plan, output, report.Played is null ? streams : null);
        Verdict verdict = Verdict.Of(plan, RunOn(plan, tape, kernel, interruption, report.StatusOn(output)), interruption);
        tape?.End(kernel, verdict);
        SummaryText.Lines(plan.Typed, options, verdict, notable).ToList().ForEach(say);
        MissedText.Lines(verdict).ToList().ForEach(output.Say);
        if (report.Stats)
        {
            StatsText.Write(output.Error, options.Arguments[0], verdict.Result);
        }

        return StatusOf(plan, verdict, kernel, tape, output);
    }

    private static RunResult RunOn(PlannedRun plan, IRunTape? tape, MiniKernel kernel, Interruption interruption, StatusLine? status) => LongRun.Of(
        () => tape?.Run(kernel, () => interruption.Cause != InterruptCause.None) ?? plan.RunOn(kernel), kernel, interruption, plan.Cut is null ? status : null);

    private static int RunJson(PlannedRun plan, TraceKinds kinds, Report said, Output output)
    {
        BytesOutput guestOut = new();
        BytesOutput guestError = new();
        InputRecorder input = new(plan.StreamsOf(output.Guest).Input);
        using JsonReport report = new(output.Out, kinds);
        using IRunTape? tape = TapeOf(plan, said, new GuestStreams(input, guestOut, guestError));
        KernelOptions options = plan.Options with
        {
            Input = tape?.Streams.Input ?? input,
            Output = tape?.Streams.Output ?? guestOut,
            Error = tape?.Streams.Error ?? guestError,
            Disk = tape?.Disk ?? plan.Options.Disk,
            Trace = tape is null ? report : new TraceFan([report, tape.Sink]),
            Notices = new NoticeTeller(plan.Options.Cpu, report.AddDiagnostic).Take,
        };
        report.Begin(plan);
        plan.Notes.ToList().ForEach(report.AddDiagnostic);
        using MiniKernel kernel = GuestSession.Start(options);
        using Interruption interruption = Interruption.Of(kernel, plan, output);
        Verdict verdict = Verdict.Of(plan, RunOn(plan, tape, kernel, interruption, said.StatusOn(output)), interruption);
        tape?.End(kernel, verdict);
        if (verdict.Cause != InterruptCause.None)
        {
            report.AddDiagnostic(SummaryText.CauseText(verdict));
        }

        List<string> missed = [.. MissedText.Lines(verdict)];
        missed.ForEach(report.AddDiagnostic);
        report.End(verdict, new RunRemains(options, kernel.HashRam(), tape is RunReplay replay ? replay.Input : input.Recorded, guestOut, guestError, options.ProgramPath is null ? kernel.HostFiles() : []));
        missed.ForEach(output.Say);
        return StatusOf(plan, verdict, kernel, tape, output);
    }

    /// <summary>The exit status; of a run that is not the one that it repeats it is said, and is no success.</summary>
    private static int StatusOf(PlannedRun plan, Verdict verdict, MiniKernel kernel, IRunTape? tape, Output output)
    {
        string? trouble = tape?.Trouble();
        string? difference = MissedText.Difference(plan, verdict, kernel.HashRam);
        new[] { trouble, difference }.OfType<string>().ToList().ForEach(output.Say);
        return difference is not null || (trouble is not null && tape is RunReplay) ? ExitCodes.Expectation : verdict.Status;
    }

    private readonly record struct Report(bool Stats, bool Quiet, Recording? Played)
    {
        public StatusLine? StatusOn(Output output) => Quiet ? null : output.Seat.Status;
    }
}
