using System.CommandLine;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu why</c>: runs a guest and explains how it ended, or one of its incidents.</summary>
internal static class WhyCommand
{
    private const int LinesSaid = 3;

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        RunFlags flags = new();
        Option<ulong?> nth = new("--nth")
        {
            HelpName = "N",
            Description = "Explain the N-th incident, from 1: a signal that a fault or exception raised, a fatal signal, or an EFAULT.",
        };
        Option<bool> json = new("--json") { Description = "One JSON document on stdout." };
        Command command = new("why", "Runs a guest, its output hidden, and explains why it ended so, or its last signal or fault, in words and numbers.") { nth, json };
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            ulong wanted = parsed.GetValue(nth) ?? 0;
            if (parsed.GetValue(nth) == 0)
            {
                throw new CommandException(ExitCodes.Usage, "--nth 0: incidents are counted from 1", "try: --nth 1");
            }

            ProgramWord.Demand(parsed, flags.Guest);
            PlannedRun plan = RunPlan.Of(parsed, flags);
            return Explain(plan with { Options = plan.Options with { Incident = wanted } }, parsed.GetValue(json), output);
        });
        return command;
    }

    private static int Explain(PlannedRun plan, bool asJson, Output output)
    {
        TailStream said = new();
        FailedCalls calls = new();
        KernelOptions options = plan.Options with { Input = plan.StreamsOf(output.Guest).Input, Error = said, Trace = calls };
        using MiniKernel kernel = GuestSession.Start(options);
        using ProgramSource source = ProgramSource.Of(plan, kernel);
        plan.Notes.ToList().ForEach(output.Say);
        using Interruption interruption = Interruption.Of(kernel, plan, output);
        Verdict verdict = Verdict.Of(plan, LongRun.Of(plan, kernel, interruption, output.Seat.Status), interruption);
        WhyReport report = new(plan, verdict) { Nth = options.Incident, Said = said.LastLines(LinesSaid), Calls = calls };
        WhyStyle style = new(new SoftPteFormat(options.Profile), asJson ? Paint.None : output.OutPaint, options.Pressure, options.Cpu) { Source = calls.HasExecuted ? null : source.NameOf };
        List<string> lines = [.. WhyText.Lines(report, style)];
        if (asJson)
        {
            WhyJson.Write(output.Out, report, lines);
        }
        else
        {
            lines.ForEach(output.Out.WriteLine);
        }

        MissedText.Lines(verdict).ToList().ForEach(output.Say);
        return options.Incident != 0 && report.Incident is null && verdict.Told == ExitCodes.Ok ? ExitCodes.Expectation : verdict.Told;
    }
}
