using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>How operands of vector instructions reach their ops: register numbers, not offsets, stand in Dst and Src.</summary>
/// <remarks>
/// A legacy SSE instruction leaves bits 128 and up of its destination alone. A 16-byte memory operand has to be aligned unless the
/// instruction says otherwise; misaligned is #GP(0), before any page fault. Source: [SDM1 "Programming with SSE", "Alignment"].
/// </remarks>
internal static unsafe class VectorOperands
{
    /// <summary>Takes the address, the vector or general register numbers of the operands, and an immediate that comes last.</summary>
    /// <remarks>
    /// <code>
    ///  operands            Dst  First  Src  Third
    ///  a, b                a    a      b
    ///  a, b, c     (VEX)   a    b      c
    ///  a, b, c, d  (VEX)   a    b      c    d
    /// </code>
    /// A register that is not a vector register stands as its byte offset.
    /// </remarks>
    public static void Take(ref OpBuilder b)
    {
        int last = b.Instruction.OpCount - 1;
        if (HasMemory(b))
        {
            b.TakeAddress();
        }

        int apart = SourceIndex(b) - 1;
        b.Op->Immediate = b.IsImmediate(last) ? b.Instruction.GetImmediate(last) : 0;
        b.Op->Dst = NumberAt(b, 0);
        b.Op->First = NumberAt(b, apart);
        b.Op->Src = NumberAt(b, apart + 1);
        b.Op->Third = NumberAt(b, 3);
    }

    /// <summary>True when an operand is in memory.</summary>
    public static bool HasMemory(in OpBuilder b)
    {
        for (int i = 0; i < b.Instruction.OpCount; i++)
        {
            if (b.IsMemory(i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the second source is a general-purpose register.</summary>
    public static bool HasGeneralSource(in OpBuilder b)
    {
        int source = SourceIndex(b);
        return source < b.Instruction.OpCount && b.IsRegister(source) && b.Instruction.GetOpRegister(source).IsGPR();
    }

    /// <summary>True when operand <paramref name="operand"/> is an XMM register.</summary>
    public static bool IsXmm(in OpBuilder b, int operand) => b.IsRegister(operand) && b.Instruction.GetOpRegister(operand).IsXMM();

    /// <summary>True when operand <paramref name="operand"/> is an MMX register.</summary>
    public static bool IsMmx(in OpBuilder b, int operand) => b.IsRegister(operand) && b.Instruction.GetOpRegister(operand).IsMM();

    /// <summary>The low 128 bits of the destination register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte>* Dst(CpuState* s, Op* op) => (Vector128<byte>*)Operands.Vector(s, op->Dst);

    /// <summary>The low 128 bits of the source register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte>* Src(CpuState* s, Op* op) => (Vector128<byte>*)Operands.Vector(s, op->Src);

    /// <summary>The second source is operand 1, or 2 where VEX names a destination of its own.</summary>
    private static int SourceIndex(in OpBuilder b)
    {
        int last = b.Instruction.OpCount - 1;
        int operands = b.IsImmediate(last) ? last : last + 1;
        return b.Instruction.Encoding == EncodingKind.VEX && operands >= 3 ? 2 : 1;
    }

    private static byte NumberAt(in OpBuilder b, int operand)
    {
        if (b.Instruction.OpCount <= operand || !b.IsRegister(operand))
        {
            return 0;
        }

        Register register = b.Instruction.GetOpRegister(operand);
        return register.IsXMM() || register.IsYMM() || register.IsMM() ? (byte)register.GetNumber() : OpBuilder.OffsetOf(register);
    }
}
