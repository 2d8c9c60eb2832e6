namespace MmuEmu.Emulator.Timing;

/// <summary>Execution cycles of one instruction class on the processors that the presets model.</summary>
/// <param name="Class">The class.</param>
/// <param name="Skylake">Cycles on Skylake client.</param>
/// <param name="GoldenCove">Cycles on Golden Cove.</param>
/// <param name="Zen5">Cycles on Zen 5.</param>
/// <param name="Note">Where the numbers come from.</param>
public readonly record struct InstructionCostRow(InstructionClass Class, int Skylake, int GoldenCove, int Zen5, string Note);

/// <summary>Latencies by instruction class; an in-order core pays each in full.</summary>
/// <remarks>
/// [D] is the latency in the LLVM scheduling model of the processor (X86SchedSkylakeClient, X86SchedAlderlakeP,
/// X86ScheduleZnver5); (a) is an assumption. A load's own latency is the cache's and is not in this table.
/// </remarks>
public static class InstructionCosts
{
    /// <summary>One row per class, in the order of <see cref="InstructionClass"/>.</summary>
    public static IReadOnlyList<InstructionCostRow> Rows { get; } =
    [
        new(InstructionClass.Nop,              1,   1,   1, "(a) a slot of a scalar core"),
        new(InstructionClass.Move,             1,   1,   1, "[D] WriteMove, WriteStore; a load adds the cache's latency"),
        new(InstructionClass.Alu,              1,   1,   1, "[D] WriteALU, WriteLEA, WriteSETCC, WriteCMOV"),
        new(InstructionClass.Shift,            1,   1,   1, "[D] WriteShift; by CL it is 3 on Skylake"),
        new(InstructionClass.DoubleShift,      3,   3,   3, "[D] WriteSHDrri on Intel; (a) for Zen 5"),
        new(InstructionClass.BitScan,          3,   3,   1, "[D] WriteBSF, WriteTZCNT, WritePOPCNT"),
        new(InstructionClass.Multiply,         3,   3,   3, "[D] WriteIMul64Reg"),
        new(InstructionClass.Divide32,        24,  15,  13, "[D] WriteDiv32; Skylake from the load form, 29 less 5"),
        new(InstructionClass.Divide64,        76,  18,  16, "[D] WriteDiv64; Zen 5 from WriteIDiv64"),
        new(InstructionClass.Stack,            1,   1,   1, "(a) a move; the stack engine hides the addition"),
        new(InstructionClass.Branch,           1,   1,   1, "[D] WriteJump; no predictor is modelled, so none is missed"),
        new(InstructionClass.CallReturn,       2,   2,   2, "(a) a jump and a step of the stack pointer"),
        new(InstructionClass.StringStep,       2,   2,   2, "(a) one iteration of a microcoded loop"),
        new(InstructionClass.Locked,          18,  18,  18, "(a) an uncontended locked operation on a line in the first level"),
        new(InstructionClass.VectorInteger,    1,   1,   1, "[D] WriteVecALU, WriteShuffle, WriteVecLogic"),
        new(InstructionClass.VectorMultiply,   5,   5,   3, "[D] WriteVecIMul on Intel; (a) for Zen 5"),
        new(InstructionClass.FloatAdd,         4,   3,   2, "[D] WriteFAdd64"),
        new(InstructionClass.FloatMultiply,    4,   4,   3, "[D] WriteFMul64"),
        new(InstructionClass.FloatDivide,     14,  14,  13, "[D] WriteFDiv64"),
        new(InstructionClass.FloatSquareRoot, 18,  18,  20, "[D] WriteFSqrt64"),
        new(InstructionClass.Convert,          4,   7,   7, "[D] WriteCvtI2SD on Intel; (a) for Zen 5"),
        new(InstructionClass.X87,              4,   4,   6, "(a) addition and multiplication of 80-bit operands"),
        new(InstructionClass.Microcoded,     100, 100, 100, "[D] WriteMicrocoded on Intel; (a) for Zen 5"),
        new(InstructionClass.Fence,           30,  30,  30, "(a) waiting for the instructions before it"),
        new(InstructionClass.Serialising,    100, 100, 100, "[D] WriteSystem on Intel; (a) for Zen 5; flushes are priced apart"),
        new(InstructionClass.SystemCall,       1,   1,   1, "the path SyscallEntryExit carries the price"),
    ];
}
