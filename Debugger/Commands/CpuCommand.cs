using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu cpu</c>: the processor models and their features.</summary>
internal static class CpuCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string?> model = new("MODEL")
        {
            HelpName = "MODEL",
            Description = $"Tell more about one: {CpuModelText.Form}.",
            Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { CpuWords.Make().Complete },
        };
        Option<bool> json = new("--json") { Description = "One JSON document on stdout." };
        Command command = new("cpu", "Lists the processor models and what each can do.") { model, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<CpuModel> asked = parsed.GetValue(model) is { } text ? [RunPlan.CpuOf(text)] : CpuModels.All;
            CpuModel[] models = [.. asked.Select(OnItsPreset)];
            if (parsed.GetValue(json))
            {
                CpuJson.Write(output.Out, models);
            }
            else if (models.Length == 1)
            {
                CpuText.WriteOne(output.Out, models[0], models[0].DefaultPreset);
            }
            else
            {
                CpuText.WriteTable(output.Out, models);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static CpuModel OnItsPreset(CpuModel model) => model with { Geometry = CpuGeometry.Of(model.DefaultPreset) };
}
