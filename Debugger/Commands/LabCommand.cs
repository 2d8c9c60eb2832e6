using System.CommandLine;
using MmuEmu.Debugger.Lab;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu lab</c>: experiments whose results come from runs.</summary>
internal static class LabCommand
{
    private const TraceKinds Shown = TraceKinds.Copy | TraceKinds.Rule | TraceKinds.Mark | TraceKinds.Task;

    /// <summary>The command.</summary>
    public static Command Make(Output output) => new("lab", "Runs experiments, and shows what their runs show.") { MakeKmap(output) };

    private static Command MakeKmap(Output output)
    {
        Argument<string?> row = new("ROW")
        {
            HelpName = "ROW",
            Description = "One hazard, such as K-004.",
            Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { ValueWords.OneOf(() => LabTable.Cases.Select(one => new Word(one.Row, one.Says))).Complete },
        };
        Argument<string?> cure = new("CURE")
        {
            HelpName = "CURE",
            Description = "One cure, c0 to c7 or c2b; with it the events of the run are shown.",
            Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { ValueWords.OneOf(() => LabTable.Cures.Select(one => new Word(one.Name, one.Says))).Complete },
        };
        Option<bool> json = new("--json") { Description = "One JSON document on stdout." };
        Command command = new("kmap", "Copies between user memory and file pages through kernel windows: hazards and cures of 2002.") { row, cure, json };
        command.SetAction(parsed =>
        {
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(row) is not { } typed)
            {
                return All(output, asJson);
            }

            LabCase one = CaseOf(typed);
            return parsed.GetValue(cure) is { } word ? One(output, one, CureOf(word), asJson) : Row(output, one, asJson);
        });
        return command;
    }

    private static int All(Output output, bool asJson)
    {
        LabMatrix matrix = LabMatrix.Run();
        return Show(output, asJson ? matrix.All : null, LabText.Matrix(matrix));
    }

    private static int Row(Output output, LabCase one, bool asJson)
    {
        LabRun[] runs = [.. LabTable.Cures.Select(cure => LabRun.Of(one, cure.Name))];
        return Show(output, asJson ? runs : null, runs.SelectMany(LabText.One));
    }

    private static int One(Output output, LabCase one, string cure, bool asJson)
    {
        TraceText? events = asJson ? null : new(output.Out, Shown, new SoftPteFormat(KernelProfileOf(one, cure)), output.OutPaint, one.Cpus);
        LabRun run = LabRun.Of(one, cure, events);
        return Show(output, asJson ? [run] : null, LabText.One(run));
    }

    private static KernelProfile KernelProfileOf(LabCase one, string cure) => ProfileText.Parse(one.ProfileWith(cure));

    private static int Show(Output output, IEnumerable<LabRun>? json, IEnumerable<string> lines)
    {
        if (json is not null)
        {
            LabJson.Write(output.Out, json);
            return ExitCodes.Ok;
        }

        lines.ToList().ForEach(output.Out.WriteLine);
        return ExitCodes.Ok;
    }

    private static LabCase CaseOf(string typed) => LabTable.Find(typed)
        ?? throw new CommandException(
            ExitCodes.Usage, $"no experiment '{typed}'; expected one of {string.Join(", ", LabTable.Cases.Select(one => one.Row))}", "try: mmuemu lab kmap K-001");

    private static string CureOf(string typed) => Array.Exists(LabTable.Cures, cure => cure.Name == typed)
        ? typed
        : throw new CommandException(
            ExitCodes.Usage, $"no cure '{typed}'; expected one of {string.Join(", ", LabTable.Cures.Select(cure => cure.Name))}", "try: mmuemu lab kmap K-001 c7");
}
