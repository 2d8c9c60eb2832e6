using Iced.Intel;
using MmuEmu.Emulator.Interpreter.Fpu;
using MmuEmu.Emulator.Interpreter.Integer;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Privileged;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Interpreter.Vex;

namespace MmuEmu.Emulator.Interpreter.Dispatch;

/// <summary>Which emitter serves which mnemonic.</summary>
internal static class EmitterTable
{
    private static readonly Emitter?[] Table = Build();

    /// <summary>General-purpose and system instructions.</summary>
    private static EmitterRow[][] General =>
    [
        Arithmetic.Rows,
        Unary.Rows,
        Shifts.Rows,
        DoubleShifts.Rows,
        Multiply.Rows,
        Divide.Rows,
        Extends.Rows,
        Selects.Rows,
        Moves.Rows,
        Branches.Rows,
        Stack.Rows,
        Frames.Rows,
        BitTests.Rows,
        BitScans.Rows,
        BitCounts.Rows,
        BitFields.Rows,
        CarryChains.Rows,
        SwappedMoves.Rows,
        Checksums.Rows,
        RandomNumbers.Rows,
        Exchanges.Rows,
        WideExchanges.Rows,
        StringMoves.Rows,
        StringScans.Rows,
        FlagMoves.Rows,
        Loops.Rows,
        Segments.Rows,
        Hints.Rows,
        Traps.Rows,
        Identity.Rows,
        SystemRegisters.Rows,
        SystemTables.Rows,
        SystemTlb.Rows,
        SystemFlags.Rows,
        SystemReturns.Rows,
        Ports.Rows,
        FarBranches.Rows,
        FarReturns.Rows,
        FarPointers.Rows,
        SegmentQueries.Rows,
    ];

    /// <summary>SSE, MMX and VEX.</summary>
    private static EmitterRow[][] Vectors =>
    [
        SseMoves.Rows,
        SseHalves.Rows,
        SsePacked.Rows,
        SseShuffles.Rows,
        SseShifts.Rows,
        SseFloat.Rows,
        SseCompare.Rows,
        SseConvert.Rows,
        SseConvertPacked.Rows,
        SseReciprocal.Rows,
        SseControl.Rows,
        XsaveSaves.Rows,
        XsaveRestore.Rows,
        XsaveControl.Rows,
        Broadcasts.Rows,
        LaneMoves.Rows,
        Permutes.Rows,
        VariableShifts.Rows,
        SignTests.Rows,
        MaskedMoves.Rows,
        Gathers.Rows,
        SseExtensions.Rows,
        SseHashes.Rows,
        SseSelects.Rows,
        SseWidens.Rows,
        SseElements.Rows,
        SseTests.Rows,
        SseStrings.Rows,
        SseHorizontal.Rows,
        SseRound.Rows,
        SseDotProduct.Rows,
        FusedMultiply.Rows,
        HalfConversions.Rows,
        MmxMoves.Rows,
    ];

    /// <summary>x87.</summary>
    private static EmitterRow[][] X87s =>
    [
        X87Arithmetic.Rows,
        X87Loads.Rows,
        X87Stores.Rows,
        X87Compare.Rows,
        X87Control.Rows,
        X87Environment.Rows,
        X87Unary.Rows,
        X87Decimal.Rows,
        X87Remainder.Rows,
        X87Trigonometry.Rows,
        X87Logarithms.Rows,
    ];

    /// <summary>The emitter of <paramref name="mnemonic"/>; null when no group knows it.</summary>
    public static Emitter? Of(Mnemonic mnemonic) => Table[(int)mnemonic];

    private static Emitter?[] Build()
    {
        Emitter?[] table = new Emitter?[Enum.GetValues<Mnemonic>().Length];
        Add(table, General, emit => emit);
        Add(table, Vectors, MmxWaits.Before);
        Add(table, X87s, X87Opcode.Noted);
        return table;
    }

    /// <summary>Adds groups of one kind; <paramref name="kind"/> gives their emitters what all instructions of the kind do.</summary>
    private static void Add(Emitter?[] table, EmitterRow[][] groups, Func<Emitter, Emitter> kind)
    {
        foreach (EmitterRow[] rows in groups)
        {
            foreach (EmitterRow row in rows)
            {
                Emitter emit = kind(row.Emit);
                table[(int)row.Mnemonic] = Join(table[(int)row.Mnemonic], emit);
                if (row.Vex != Mnemonic.INVALID)
                {
                    table[(int)row.Vex] = Join(table[(int)row.Vex], emit);
                }
            }
        }
    }

    /// <summary>One mnemonic, several groups: MOVSD and CMPSD are a string and a vector instruction each; a MOV, a JMP or a PUSH may be the kernel's.</summary>
    private static Emitter Join(Emitter? first, Emitter second) =>
        first is null ? second : (ref OpBuilder b) => first(ref b) || second(ref b);
}
