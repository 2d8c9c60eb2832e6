using Iced.Intel;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Fuzz;

/// <summary>What may differ on a host whose generation was not recorded, and of which instructions.</summary>
/// <param name="Why">The reason, one sentence.</param>
/// <param name="Fields">Names of fields; <c>memory</c> for all of it.</param>
/// <param name="Mnemonics">The instructions; none means all.</param>
public sealed record GenerationTolerance(string Why, string[] Fields, params Mnemonic[] Mnemonics);

/// <summary>
/// The habits follow one generation of each maker's processors, and others of the same maker may fault in another way: printed in
/// docs/cpu-fuzz-exclusions.md. On a host of a recorded generation nothing of this is granted.
/// </summary>
public static class GenerationTolerances
{
    private static readonly string[] Fault = ["signal and code", "si_addr", "trapno and error", "CR2"];

    /// <summary>The list; each row is granted where both sides end in a signal.</summary>
    public static IReadOnlyList<GenerationTolerance> Rows { get; } =
    [
        new(
            "the order in which parts of a large operand are asked for, and what was stored before the fault",
            [.. Fault, "memory"],
            Mnemonic.Fnstenv, Mnemonic.Fldenv, Mnemonic.Fnsave, Mnemonic.Frstor, Mnemonic.Fxsave, Mnemonic.Fxsave64, Mnemonic.Fxrstor,
            Mnemonic.Fxrstor64, Mnemonic.Xsave, Mnemonic.Xsave64, Mnemonic.Xsavec, Mnemonic.Xsavec64, Mnemonic.Xsaveopt, Mnemonic.Xsaveopt64,
            Mnemonic.Xrstor, Mnemonic.Xrstor64, Mnemonic.Enter, Mnemonic.Fstp, Mnemonic.Fbstp),
        new("which operand is read first", Fault, Mnemonic.Cmpsb, Mnemonic.Cmpsw, Mnemonic.Cmpsd, Mnemonic.Cmpsq),
        new(
            "which byte a masked access names, and where its elements wrap",
            ["si_addr", "CR2"],
            Mnemonic.Maskmovdqu, Mnemonic.Vmaskmovdqu, Mnemonic.Vmaskmovps, Mnemonic.Vmaskmovpd, Mnemonic.Vpmaskmovd, Mnemonic.Vpmaskmovq),
        new(
            "whether a store from an MMX register turns to MMX mode before it faults",
            ["FSW", "FTW", "ST"],
            Mnemonic.Maskmovq, Mnemonic.Movd, Mnemonic.Movq, Mnemonic.Movntq),
        new("an offset under FS or GS at the edge of canonical addresses", Fault),
    ];

    /// <summary>What Intel's processors do that no record of theirs told of, so that no habit follows it yet; granted on all of them.</summary>
    public static IReadOnlyList<GenerationTolerance> IntelRows { get; } =
    [
        new(
            "which end of a save area is asked for first where none of it is mapped",
            ["si_addr", "CR2"],
            Mnemonic.Xsave, Mnemonic.Xsave64, Mnemonic.Xsavec, Mnemonic.Xsavec64, Mnemonic.Xsaveopt, Mnemonic.Xsaveopt64, Mnemonic.Xrstor, Mnemonic.Xrstor64),
        new("a half-precision operand that is neither aligned nor mapped, with alignment checks on", Fault, Mnemonic.Vcvtph2ps),
        new("whether a precision exception is noted besides an unmasked underflow", ["MXCSR"], Mnemonic.Vcvtps2ph),
    ];

    /// <summary>Takes out of <paramref name="found"/> what this host's generation may do otherwise.</summary>
    public static void Forgive(FuzzCase made, ulong hostSignal, ulong ourSignal, List<FieldDifference> found)
    {
        if (hostSignal == 0 || ourSignal == 0)
        {
            return;
        }

        IEnumerable<GenerationTolerance> granted = HostProcessor.IsRecorded ? [] : Rows;
        granted = HostProcessor.Vendor == CpuVendor.Intel ? granted.Concat(IntelRows) : granted;
        foreach (GenerationTolerance row in granted.Where(row => Concerns(row, made.Slot)))
        {
            found.RemoveAll(one => row.Fields.Contains(one.Field[0] == '[' ? "memory" : one.Field.StartsWith("ST", StringComparison.Ordinal) ? "ST" : one.Field));
        }
    }

    private static bool Concerns(GenerationTolerance row, FuzzSlot slot) => row.Mnemonics.Length == 0
        ? slot.Instructions.Any(one => one.SegmentPrefix is Register.FS or Register.GS)
        : slot.Instructions.Any(one => row.Mnemonics.Contains(one.Mnemonic));
}
