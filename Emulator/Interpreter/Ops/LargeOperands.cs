using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>What of a large operand a processor asks for before all else.</summary>
/// <param name="Offset">Where in the operand, in bytes.</param>
/// <param name="Bytes">How much.</param>
internal readonly record struct AskedFirst(int Offset, int Bytes);

/// <summary>Large operands over two pages: the address of a page fault tells in which order they were asked for.</summary>
/// <remarks>
/// All processors ask for a part that is theirs to choose, then for the first byte and for the last one, before a byte moves. So the order is
/// looked up only once the operand as a whole has faulted. Source: measured.
/// </remarks>
internal static unsafe class LargeOperands
{
    /// <summary>The operand of <paramref name="op"/> to read; null when it faults.</summary>
    public static byte* Read(Vcpu vcpu, CpuState* s, Op* op, int bytes, AskedFirst first)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), bytes);
        if (from is null && DependsOnOrder(vcpu))
        {
            // Whichever answers null has noted its own fault in the place of the first one.
            _ = vcpu.Read(s, PartOf(vcpu, s, op, first.Offset), first.Bytes) is not null
                && vcpu.Read(s, PartOf(vcpu, s, op, 0), 1) is not null
                && vcpu.Read(s, PartOf(vcpu, s, op, bytes - 1), 1) is not null;
        }

        return from;
    }

    /// <summary>The operand to write and commit; null when it faults.</summary>
    public static byte* Open(Vcpu vcpu, CpuState* s, Op* op, int bytes, AskedFirst first)
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), bytes);
        if (to is null && DependsOnOrder(vcpu))
        {
            _ = vcpu.OpenStore(s, PartOf(vcpu, s, op, first.Offset), first.Bytes) is not null
                && vcpu.OpenStore(s, PartOf(vcpu, s, op, 0), 1) is not null
                && vcpu.OpenStore(s, PartOf(vcpu, s, op, bytes - 1), 1) is not null;
        }

        return to;
    }

    /// <summary>Notes why an area of FXSAVE does not lie where it has to: #AC where that is checked, else #GP(0); an address that is none comes first.</summary>
    /// <remarks>Alignment to 4 bytes is all that #AC looks at. Source: [SDM2 "FXSAVE", #AC]; measured.</remarks>
    /// <returns>Null.</returns>
    public static byte* MisalignedImage(Vcpu vcpu, CpuState* s, ulong address) =>
        vcpu.Data.TryCanonical(address, 1) ? MisalignedArea(vcpu, s, address, checks: true) : null;

    /// <summary>Likewise for an area of XSAVE, which is #AC where <paramref name="checks"/> says so; whether the address is one is not asked.</summary>
    /// <returns>Null.</returns>
    public static byte* MisalignedArea(Vcpu vcpu, CpuState* s, ulong address, bool checks)
    {
        if (checks && vcpu.Data.ChecksAlignment && (address & 3) != 0)
        {
            return vcpu.Read(s, address, 4);
        }

        vcpu.Data.RefuseMisaligned();
        return null;
    }

    /// <summary>A page may be missing, or addresses may end within the operand; alignment is that of the whole.</summary>
    private static bool DependsOnOrder(Vcpu vcpu) => vcpu.Exit.Kind == CoreExitKind.PageFault || vcpu.Data.NonCanonical;

    /// <summary>The address of a byte of the operand: under a 32-bit address size offsets wrap at 4 GiB.</summary>
    private static ulong PartOf(Vcpu vcpu, CpuState* s, Op* op, int offset)
    {
        ulong segment = *(ulong*)((byte*)s + op->Segment);
        ulong at = Operands.Address(s, op) - segment + (ulong)offset;
        return (IsNarrow(vcpu.InstructionOf(op)) ? (uint)at : at) + segment;
    }

    private static bool IsNarrow(in Instruction instruction) => instruction.MemoryBase == Register.None && instruction.MemoryIndex == Register.None
        ? instruction.MemoryDisplSize == 4
        : instruction.MemoryBase.GetSize() == 4 || instruction.MemoryIndex.GetSize() == 4 || instruction.MemoryBase == Register.EIP;
}
