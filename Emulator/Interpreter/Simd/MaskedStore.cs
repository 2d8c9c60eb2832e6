using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>The byte-masked store to [RDI] of MASKMOVQ and MASKMOVDQU.</summary>
/// <remarks>
/// Only the run from the first to the last selected byte is touched, so a mask of zeroes never faults; the processor leaves that
/// case to the implementation. Source: [SDM2 "MASKMOVDQU"].
/// </remarks>
internal static unsafe class MaskedStore
{
    private const ulong Narrow = 1;

    /// <summary>Makes RDI (EDI under an address-size prefix) the address, with the instruction's segment.</summary>
    public static void TakeAddress(ref OpBuilder b)
    {
        b.Op->Base = OpBuilder.OffsetOf(Register.RDI);
        b.Op->Immediate = b.Instruction.Op0Kind == OpKind.MemorySegRDI ? 0 : Narrow;
        b.Op->Segment = b.Instruction.MemorySegment switch
        {
            Register.FS => CpuState.FsBaseSlot * 8,
            Register.GS => CpuState.GsBaseSlot * 8,
            _ => CpuState.ZeroSlot * 8,
        };
    }

    /// <summary>Stores the bytes of <paramref name="data"/> whose byte of <paramref name="mask"/> has bit 7 set.</summary>
    public static Op* Run(Vcpu vcpu, CpuState* s, Op* op, ReadOnlySpan<byte> data, ReadOnlySpan<byte> mask)
    {
        (int first, int end) = (mask.Length, 0);
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i] >= 0x80)
            {
                (first, end) = (Math.Min(first, i), i + 1);
            }
        }

        if (end == 0)
        {
            return op + 1;
        }

        ulong offset = *(ulong*)((byte*)s + op->Base);
        ulong address = (op->Immediate == Narrow ? (uint)offset : offset) + *(ulong*)((byte*)s + op->Segment) + (ulong)first;
        byte* to = vcpu.OpenStore(s, address, end - first);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        for (int i = first; i < end; i++)
        {
            to[i - first] = mask[i] >= 0x80 ? data[i] : to[i - first];
        }

        vcpu.Commit(s);
        return op + 1;
    }
}
