namespace MmuEmu.Emulator.Models;

/// <summary>What neither a record nor a manual tells, and what the models do there meanwhile.</summary>
/// <param name="Subject">What is not known.</param>
/// <param name="Vendor">Of whose processors.</param>
/// <param name="Here">What the model of that vendor does.</param>
public sealed record CpuOpenQuestion(string Subject, CpuVendor Vendor, string Here);

/// <summary>The open questions about the makers' processors, printed in docs/vendors.md as not known.</summary>
public static class CpuOpenQuestions
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<CpuOpenQuestion> Rows { get; } =
    [
        new("CF after SHLD and SHRD of 16 bits beyond 16", CpuVendor.Intel, "the last bit that went out; in the one record of each it is 0, as it would be so"),
        new("OF, AF and other undefined flags on Zen 5", CpuVendor.Amd, "as recorded on Zen 4; on a Zen 5 they were compared only where the manual defines them"),
        new("CMPS whose operands both lie in pages that are not there", CpuVendor.Intel, "[RDI] is read first, as where only the second page of [RSI] is missing; in REPE CMPSB [RSI], as on Zen 4"),
        new("arithmetic flags at a single-step trap between iterations of REPE CMPS", CpuVendor.Intel, "those of the last comparison"),
        new("instructions that a page end cuts: a wrong LOCK, an opcode that another prefix would make one, EVEX maps other than 0", CpuVendor.Intel, "as AMD's: a LOCK and prefixes are judged when the instruction is whole"),
        new("invalid instructions that would be too long with their operand", CpuVendor.Intel, "#GP, as on AMD's"),
        new("a data breakpoint that a load of SS holds back, when an instruction breakpoint behind it is reported", CpuVendor.Amd, "both in one #DB"),
        new("SYSEXIT at CPL 0 in long mode, by a measurement", CpuVendor.Amd, "#UD, as the manual says; at CPL 3 it was #GP when measured"),
        new("opcodes of 32-bit mode whose operand a page end cuts (82H, 9AH, D4H, D5H, EAH), and undefined opcodes under VEX and EVEX", CpuVendor.Amd, "the former are #UD at once, the latter ask for the next page; Zen 4 does the opposite of both"),
        new("FDP after an unmasked exception of an x87 instruction that has no operand in memory", CpuVendor.Intel, "that of the last operand in memory"),
        new("FOP and FDP once an x87 instruction without exception follows the one that raised it", CpuVendor.Intel, "kept; no record has such a pair, and the manual calls FOP valid only after an exception"),
        new("areas of XSAVE and FXSAVE at multiples of 4 that are misaligned all the same, under RFLAGS.AC", CpuVendor.Intel, "#GP, as AMD's FXSAVE; no record has one"),
        new("which byte XSAVE, XSAVEOPT and XRSTOR ask for first, and XSAVEC after its header", CpuVendor.Intel, "the first byte, then the last, as AMD's"),
        new("in-use of the x87 component when FIP alone is not zero", CpuVendor.Intel, "in use"),
    ];
}
