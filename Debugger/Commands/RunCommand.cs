using System.CommandLine;
using System.CommandLine.Parsing;
using MmuEmu.Debugger.Options;
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
        Option<string?> trace = new(TraceName)
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
            HelpName = "REPORT",
            Description = "Repeat the run of a report that --json wrote: GUEST, its arguments, input, options and folder are the report's, and its files must not have changed.",
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
            PlannedRun plan = parsed.GetValue(from) is { } file
                ? Repetition.Of(ReportReader.Read(file), parsed, flags, output.Guest.Input)
                : RunPlan.Of(parsed, flags);
            TraceKinds kinds = TraceKindText.Parse(plan.Record.ValueOf(trace.Name))
                | (plan.Record.Has(strace.Name) ? TraceKinds.Syscall | TraceKinds.Signal : TraceKinds.None);
            Report report = new(plan.Record.Has(stats.Name), parsed.GetValue(quiet));
            plan = plan with { Options = plan.Options with { Timing = report.Stats ? TimingMode.On : TimingMode.Off } };
            if (parsed.GetValue(record) is { } recording)
            {
                DemandPlain(parsed.GetValue(json), plan);
                plan = plan with { RecordTo = recording };
            }

            return parsed.GetValue(json)
                ? RunJson(plan, kinds == TraceKinds.None ? JsonDefault : kinds, report, output)
                : RunText(plan, kinds, report, output);
        });
        return command;
    }

    private static Option<string?> RecordOption() => new("--record")
    {
        HelpName = "FILE",
        Description = "Write a recording, such as run.mmurec: all that made the run, its input and files too, for mmuemu debug and mmuemu gdb.",
        CompletionSources = { ValueWords.File.Complete },
    };

    /// <summary>What a report and a recording each want is one run's standard input and end.</summary>
    private static void DemandPlain(bool asJson, PlannedRun plan)
    {
        if (asJson || plan.Past is not null)
        {
            throw new CommandException(
                ExitCodes.Usage,
                $"--record beside {(asJson ? "--json" : "--from")}: expected one of them",
                "try: mmuemu run --record run.mmurec GUEST; a report can be had of the recording later: mmuemu trace export");
        }
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
        using RunRecorder? recorder = plan.RecordTo is { } file ? RunRecorder.Begin(file, plan, plan.StreamsOf(output.Guest)) : null;
        GuestStreams streams = recorder?.Streams ?? plan.StreamsOf(output.Guest);
        KernelOptions options = plan.Options with
        {
            Input = streams.Input,
            Output = streams.Output,
            Error = streams.Error,
            Disk = recorder?.Disk ?? plan.Options.Disk,
            Trace = new TraceFan(recorder is null ? sinks : [.. sinks, recorder.Sink]),
            Notices = new NoticeTeller(plan.Options.Cpu, say).Take,
        };
        using MiniKernel kernel = GuestSession.Start(options);
        plan.Notes.ToList().ForEach(say);
        using Interruption interruption = Interruption.Of(kernel, plan, output, streams);
        RunResult result = LongRun.Of(
            () => recorder?.Run(kernel, () => interruption.Cause != InterruptCause.None) ?? plan.RunOn(kernel), kernel, interruption, plan.Cut is null ? report.StatusOn(output) : null);
        Verdict verdict = Verdict.Of(plan, result, interruption);
        recorder?.End(kernel, verdict);
        if (recorder is { IsFull: true })
        {
            output.Say($"'{plan.RecordTo}' is full: it holds as much as a recording may, and ends before its run");
        }

        SummaryText.Lines(plan.Typed, options, verdict, notable).ToList().ForEach(say);
        MissedText.Lines(verdict).ToList().ForEach(output.Say);
        if (report.Stats)
        {
            StatsText.Write(output.Error, options.Arguments[0], verdict.Result);
        }

        return StatusOf(plan, verdict, kernel, output);
    }

    private static int RunJson(PlannedRun plan, TraceKinds kinds, Report said, Output output)
    {
        BytesOutput guestOut = new();
        BytesOutput guestError = new();
        InputRecorder input = new(plan.StreamsOf(output.Guest).Input);
        using JsonReport report = new(output.Out, kinds);
        KernelOptions options = plan.Options with
        {
            Input = input,
            Output = guestOut,
            Error = guestError,
            Trace = report,
            Notices = new NoticeTeller(plan.Options.Cpu, report.AddDiagnostic).Take,
        };
        report.Begin(plan);
        plan.Notes.ToList().ForEach(report.AddDiagnostic);
        using MiniKernel kernel = GuestSession.Start(options);
        using Interruption interruption = Interruption.Of(kernel, plan, output);
        Verdict verdict = Verdict.Of(plan, LongRun.Of(plan, kernel, interruption, said.StatusOn(output)), interruption);
        if (verdict.Cause != InterruptCause.None)
        {
            report.AddDiagnostic(SummaryText.CauseText(verdict));
        }

        List<string> missed = [.. MissedText.Lines(verdict)];
        missed.ForEach(report.AddDiagnostic);
        report.End(verdict, new RunRemains(options, kernel.HashRam(), input.Recorded, guestOut, guestError, options.ProgramPath is null ? kernel.HostFiles() : []));
        missed.ForEach(output.Say);
        return StatusOf(plan, verdict, kernel, output);
    }

    /// <summary>The exit status; of a run that is not the one that it repeats it is said, and is no success.</summary>
    private static int StatusOf(PlannedRun plan, Verdict verdict, MiniKernel kernel, Output output)
    {
        if (MissedText.Difference(plan, verdict, kernel.HashRam) is not { } difference)
        {
            return verdict.Status;
        }

        output.Say(difference);
        return ExitCodes.Expectation;
    }

    private readonly record struct Report(bool Stats, bool Quiet)
    {
        public StatusLine? StatusOn(Output output) => Quiet ? null : output.Seat.Status;
    }
}
