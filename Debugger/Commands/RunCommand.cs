using System.CommandLine;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Boot;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu run</c>: runs a guest to its end.</summary>
internal static class RunCommand
{
    private static readonly TraceKinds JsonDefault =
        TraceKinds.Fault | TraceKinds.Syscall | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task;

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        RunFlags flags = new();
        Option<string?> trace = new("--trace") { Description = "Write events to stderr: fault,walk,syscall,reclaim,signal,mark,task or all." };
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

            KernelOptions options = RunPlan.Of(parsed, flags) with
            {
                Timing = parsed.GetValue(stats) ? TimingMode.On : TimingMode.Off,
            };
            Report report = new(parsed.GetValue(stats), parsed.GetValue(quiet));
            return parsed.GetValue(json)
                ? RunJson(options, kinds == TraceKinds.None ? JsonDefault : kinds, output)
                : RunText(options, kinds, report, output);
        });
        return command;
    }

    private static int RunText(KernelOptions options, TraceKinds kinds, Report report, Output output)
    {
        NotableSignals notable = new();
        SoftPteFormat format = new(options.Profile);
        List<ITraceSink> sinks = [notable];
        if (kinds != TraceKinds.None)
        {
            sinks.Add(new TraceText(output.Error, kinds, format, output.ErrorPaint, options.Cpus));
        }

        options = options with
        {
            Input = output.Guest.Input,
            Output = output.Guest.Output,
            Error = output.Guest.Error,
            Trace = new TraceFan(sinks),
            Diagnostics = report.Quiet ? null : line => output.Error.WriteLine($"mmuemu: {line}"),
        };
        using MiniKernel kernel = GuestSession.Start(options);
        RunResult result = kernel.Run();
        string guest = options.Arguments[0];
        if (!report.Quiet)
        {
            foreach (string line in SummaryText.Lines(guest, result, notable))
            {
                output.Error.WriteLine($"mmuemu: {line}");
            }
        }

        if (report.Stats)
        {
            StatsText.Write(output.Error, guest, result);
        }

        return result.ExitCode;
    }

    private static int RunJson(KernelOptions options, TraceKinds kinds, Output output)
    {
        BytesOutput guestOut = new();
        BytesOutput guestError = new();
        using JsonReport report = new(output.Out, kinds);
        options = options with
        {
            Input = output.Guest.Input,
            Output = guestOut,
            Error = guestError,
            Trace = report,
            Diagnostics = report.AddDiagnostic,
        };
        report.Begin(options);
        using MiniKernel kernel = GuestSession.Start(options);
        RunResult result = kernel.Run();
        report.End(result, guestOut, guestError);
        return result.ExitCode;
    }

    private readonly record struct Report(bool Stats, bool Quiet);
}
