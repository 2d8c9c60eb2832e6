using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu pte decode</c>: one entry, bit by bit.</summary>
internal static class PteDecodeCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string> raw = new("RAW") { Description = "The entry: 64 bits." };
        Option<string> level = LevelOption.Make();
        Option<string?> profile = new(ProfileText.Option)
        {
            HelpName = "WORDS",
            Description = "Kernel profile for non-present entries, such as vrange=v10; help explains the words.",
            CompletionSources = { ProfileText.MakeList().Complete },
        };
        Option<int> maxPhyAddr = MaxPhyAddrOption.Make();
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("decode", "Names all 64 bits of an entry, present or not.") { raw, level, profile, maxPhyAddr, json };
        command.SetAction(parsed =>
        {
            Pte entry = EntryWords.ParseRaw(parsed.GetValue(raw)!);
            byte width = MaxPhyAddrOption.Parse(parsed.GetValue(maxPhyAddr));
            EntryReport report = new(entry, LevelOption.Parse(parsed.GetValue(level)!), ProfileText.Parse(parsed.GetValue(profile)), width);
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
