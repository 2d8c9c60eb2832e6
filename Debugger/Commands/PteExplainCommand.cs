using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu pte explain</c>: what each access through an entry would meet.</summary>
internal static class PteExplainCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string> raw = new("RAW") { Description = "The entry: 64 bits." };
        Option<string> level = LevelOption.Make();
        Option<string> bits = new("--bits")
        {
            HelpName = "BITS",
            Description = $"Control bits that are on: {ControlBitWords.Form}.",
            CompletionSources = { ControlBitWords.MakeList().Complete },
            DefaultValueFactory = _ => "wp,nxe,pge,page1g",
        };
        Option<int> maxPhyAddr = MaxPhyAddrOption.Make();
        Option<string> pkru = new("--pkru") { HelpName = "VALUE", Description = "The register PKRU, 32 bits.", DefaultValueFactory = _ => "0" };
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("explain", "Tells what each kind of access through an entry meets and which rule decides, all other levels allowing everything.")
        {
            raw, level, bits, maxPhyAddr, pkru, json,
        };
        command.SetAction(parsed =>
        {
            Pte entry = EntryWords.ParseRaw(parsed.GetValue(raw)!);
            PagingLevel at = LevelOption.Parse(parsed.GetValue(level)!);
            byte width = MaxPhyAddrOption.Parse(parsed.GetValue(maxPhyAddr));
            string on = parsed.GetValue(bits)!;
            PagingMode mode = new(default, 0, ControlBitWords.Parse("--bits", on), width, PkruOf(parsed.GetValue(pkru)!));
            if (at == PagingLevel.Pml5 && !mode.Has(PagingBits.La57))
            {
                throw new CommandException(ExitCodes.Usage, "--level pml5: there is no such level without la57", $"try: --level pml5 --bits {on},la57");
            }

            EntryReport report = new(entry, at, KernelProfile.Default, width);
            AccessReport accesses = new(entry, at, mode);
            if (parsed.GetValue(json))
            {
                report.WriteJson(output.Out, accesses.WriteMembers);
                return ExitCodes.Ok;
            }

            report.WriteText(output.Out);
            accesses.WriteText(output.Out);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static uint PkruOf(string text) =>
        HexNumber.TryParse(text, out ulong value) && value <= uint.MaxValue
            ? (uint)value
            : throw new CommandException(ExitCodes.Usage, $"--pkru '{text}': expected 32 bits, {HexNumber.Form}", "try: --pkru 0x4");
}
