using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
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
        Option<int> maxPhyAddr = new("--maxphyaddr") { HelpName = "N", Description = "Physical-address width, 36 to 52.", DefaultValueFactory = _ => 48 };
        Option<string> pkru = new("--pkru") { HelpName = "VALUE", Description = "The register PKRU, 32 bits.", DefaultValueFactory = _ => "0" };
        Command command = new("explain", "Tells what each kind of access through an entry meets, all other levels allowing everything.") { raw, level, bits, maxPhyAddr, pkru };
        command.SetAction(parsed =>
        {
            Pte entry = EntryWords.ParseRaw(parsed.GetValue(raw)!);
            PagingLevel at = LevelOption.Parse(parsed.GetValue(level)!);
            PagingMode mode = new(default, 0, ControlBitWords.Parse("--bits", parsed.GetValue(bits)!), WidthOf(parsed.GetValue(maxPhyAddr)), PkruOf(parsed.GetValue(pkru)!));
            new EntryReport(entry, at, KernelProfile.Default).WriteText(output.Out);
            foreach (string line in AccessText.Lines((kind, origin) => Judge(entry, at, mode, kind, origin)))
            {
                output.Out.WriteLine($"  {line}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static PageFaultCode? Judge(Pte entry, PagingLevel level, in PagingMode mode, AccessKind kind, AccessOrigin origin)
    {
        Access access = new(default, kind, origin);
        if (!entry.Present)
        {
            return AccessRules.FaultOf(access, mode, PageFaultCode.None).Code;
        }

        if ((entry.Raw & ReservedBits.MaskOf(mode, level, entry)) != 0)
        {
            return AccessRules.FaultOf(access, mode, PageFaultCode.P | PageFaultCode.Rsvd).Code;
        }

        int key = entry.IsLeafAt(level) ? entry.ProtectionKey : 0;
        return AccessRules.TryPass(access, mode, Rights.All.Narrow(entry), key, out PageFault fault) ? null : fault.Code;
    }

    private static byte WidthOf(int bits) =>
        bits is >= 36 and <= 52
            ? (byte)bits
            : throw new CommandException(ExitCodes.Usage, $"--maxphyaddr {bits}: expected 36 to 52", "try: --maxphyaddr 46");

    private static uint PkruOf(string text) =>
        HexNumber.TryParse(text, out ulong value) && value <= uint.MaxValue
            ? (uint)value
            : throw new CommandException(ExitCodes.Usage, $"--pkru '{text}': expected 32 bits, {HexNumber.Form}", "try: --pkru 0x4");
}
