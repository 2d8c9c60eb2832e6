using System.CommandLine;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu walk</c>: the entries that translate an address at a point of a run.</summary>
internal static class WalkCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        RunFlags flags = new();
        WalkImage image = new();
        Argument<string> guest = new("GUEST")
        {
            HelpName = "GUEST",
            Description = "An x86-64 ELF file, static or dynamic, or the name of a program that ships; with --image it is left out.",
            CompletionSources = { ValueWords.FileOr(() => GuestChoice.Words).Complete },
        };
        Argument<string?> address = new("ADDR") { HelpName = "ADDR", Description = $"What to walk for: {AddressWord.Form}.", Arity = ArgumentArity.ZeroOrOne };
        Argument<string[]> arguments = new("ARG")
        {
            HelpName = "ARG",
            Description = "The guest's arguments, behind --.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> at = new("--at")
        {
            HelpName = "POINT",
            Description = $"The point of the run: {StopText.Form}. The end is just before the program is gone.",
            CompletionSources = { ValueWords.OneOf(() => StopText.Words).Complete },
            DefaultValueFactory = _ => "end",
        };
        Command command = new("walk", "Runs a guest to a point and shows the 4-level walk of an address.") { guest, address, arguments, at, image.Json };
        image.AddOptionsTo(command);
        flags.AddOptionsTo(command);
        Words words = new(guest, address, arguments, at);
        command.SetAction(parsed => image.IsAsked(parsed)
            ? image.Show(parsed, words.Positional(parsed), output)
            : ShowGuest(parsed, flags, [parsed.GetValue(guest)!, .. parsed.GetValue(arguments) ?? []], words, image.Json, output));
        return command;
    }

    private static int ShowGuest(ParseResult parsed, RunFlags flags, string[] guest, Words words, Option<bool> json, Output output)
    {
        ProgramWord.Demand(guest[0]);
        return Show(RunPlan.Of(parsed, flags, guest), parsed, words, json, output);
    }

    private static int Show(PlannedRun plan, ParseResult parsed, Words words, Option<bool> json, Output output)
    {
        StopAt stop = StopOf(parsed.GetValue(words.At)!);
        AddressWord word = AddressWord.Of(parsed.GetValue(words.Address) ?? throw NoAddress(), plan);
        using MiniKernel kernel = RunTo(plan, stop, output, out Verdict verdict);
        plan.Notes.ToList().ForEach(output.Say);
        if (word.Note is { } note)
        {
            output.Say(note);
        }

        WalkReport report = new(WalkLook.At(kernel, word.At(kernel), word.Name), new SoftPteFormat(plan.Options.Profile));
        if (parsed.GetValue(json))
        {
            bool reached = stop.Kind == StopKind.End || verdict.Result.Reason == EndReason.Paused;
            report.WriteJson(output.Out, plan.Options.Arguments, (parsed.GetValue(words.At)!, reached));
        }
        else
        {
            report.WriteText(output.Out, output.OutPaint);
        }

        return Tell(plan, new Point(parsed.GetValue(words.At)!, stop), verdict, output);
    }

    private static CommandException NoAddress() =>
        new(ExitCodes.Usage, $"expected GUEST and ADDR, {AddressWord.Form}; found one word", "try: mmuemu walk hello main");

    private static StopAt StopOf(string text) =>
        StopText.TryParse(text, out StopAt stop)
            ? stop
            : throw new CommandException(ExitCodes.Usage, $"--at '{text}': expected {StopText.Form}", "try: --at syscall:writev#1");

    /// <summary>The machine at the point; when the guest ended before, as it was just before its end.</summary>
    private static MiniKernel RunTo(PlannedRun plan, StopAt stop, Output output, out Verdict verdict)
    {
        KernelOptions options = plan.Options;
        MiniKernel kernel = GuestSession.Start(options);
        using Interruption interruption = Interruption.Of(kernel, plan, output);
        RunResult result = kernel.Run(stop);
        verdict = Verdict.Of(plan, result, interruption);
        if (result.Reason is EndReason.Paused or EndReason.Interrupted)
        {
            return kernel;
        }

        // A program that ends by its own call or trap is gone when that instruction has retired; one that a fault ends is still there.
        kernel.Dispose();
        kernel = GuestSession.Start(options);
        if (kernel.Run(StopAt.Time(result.Time)).Reason == EndReason.Paused && kernel.Program.Path.Length > 0)
        {
            return kernel;
        }

        kernel.Dispose();
        kernel = GuestSession.Start(options);
        kernel.Run(StopAt.Time(result.Time - Math.Min(result.Time, 1)));
        return kernel;
    }

    /// <summary>Says what of the asked-for did not come; the status is 120 then.</summary>
    private static int Tell(PlannedRun plan, Point point, Verdict verdict, Output output)
    {
        if (verdict.Cause != InterruptCause.None)
        {
            output.Say($"{plan.Typed.Guest}: {SummaryText.CauseText(verdict)} at t={verdict.Result.Time}, which is shown");
            return verdict.Told;
        }

        MissedText.Lines(verdict).ToList().ForEach(output.Say);
        bool missed = point.Stop.Kind != StopKind.End && verdict.Result.Reason != EndReason.Paused && verdict.Complains;
        if (missed)
        {
            output.Say(MissedText.Of(point.Typed, point.Stop, verdict.Result));
        }

        return missed ? ExitCodes.Expectation : verdict.Told;
    }

    /// <summary>What the command line is made of.</summary>
    private sealed record Words(Argument<string> Guest, Argument<string?> Address, Argument<string[]> Arguments, Option<string> At)
    {
        public IReadOnlyList<string> Positional(ParseResult parsed)
        {
            string?[] all = [parsed.GetValue(Guest), parsed.GetValue(Address), .. parsed.GetValue(Arguments) ?? []];
            return [.. all.OfType<string>()];
        }
    }

    /// <param name="Typed">As it was typed.</param>
    /// <param name="Stop">The point.</param>
    private readonly record struct Point(string Typed, StopAt Stop);
}
