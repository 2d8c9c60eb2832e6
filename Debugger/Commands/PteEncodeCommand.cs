using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu pte encode</c>: an entry from words.</summary>
internal static class PteEncodeCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string[]> words = new("WORDS")
        {
            HelpName = "WORDS",
            Description = $"Its bits: {EntryWords.Form}.",
            Arity = ArgumentArity.ZeroOrMore,
            CompletionSources = { ValueWords.OneOf(() => EntryWords.Words).Complete },
        };
        Option<string> level = LevelOption.Make();
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("encode", "Makes an entry from the names of its bits.") { words, level, json };
        command.SetAction(parsed =>
        {
            PagingLevel at = LevelOption.Parse(parsed.GetValue(level)!);
            EntryReport report = new(EntryWords.Parse(parsed.GetValue(words)!, at), at, KernelProfile.Default, MaxPhyAddrOption.Usual);
            if (parsed.GetValue(json))
            {
                report.WriteJson(output.Out);
            }
            else
            {
                report.WriteText(output.Out);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
