using System.CommandLine;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu why</c>: runs a guest and explains its last fault or signal.</summary>
internal static class WhyCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        RunFlags flags = new();
        Command command = new("why", "Runs a guest, its output hidden, and explains the last signal or fault in words and numbers.");
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            PlannedRun plan = RunPlan.Of(parsed, flags);
            KernelOptions options = plan.Options with { Input = plan.StreamsOf(output.Guest).Input };
            using MiniKernel kernel = GuestSession.Start(options);
            plan.Notes.ToList().ForEach(output.Say);
            using Interruption interruption = Interruption.Of(kernel, plan, output);
            Verdict verdict = Verdict.Of(plan, LongRun.Of(kernel, interruption, output.Seat.Status), interruption);
            RunResult result = verdict.Result;
            WhyText.Write(output.Out, new GuestName(options.Arguments[0], plan.Typed), result, new WhyStyle(new SoftPteFormat(options.Profile), output.OutPaint, options.Pressure));
            if (verdict.Cause != InterruptCause.None)
            {
                output.Say($"{plan.Typed.Guest}: {SummaryText.CauseText(verdict)} at t={result.Time}; explained is what came before");
            }

            MissedText.Lines(verdict).ToList().ForEach(output.Say);
            return verdict.Told;
        });
        return command;
    }
}
