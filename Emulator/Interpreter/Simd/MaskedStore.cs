using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The byte-masked store to [RDI] of MASKMOVQ and MASKMOVDQU.</summary>
/// <remarks>
/// The whole operand is opened whatever the mask says, so that even a mask of zeroes may fault: the manual leaves that to the
/// implementation, and both makers' processors do so. Under RFLAGS.AC it has to be aligned to 8 bytes. Which half of 16 bytes is asked
/// for first is a habit, and shows in the address of a fault. Source: [SDM2 "MASKMOVDQU"].
/// </remarks>
internal static unsafe class MaskedStore
{
    private const ulong Narrow = 1;
    private const int HalfBytes = 8;

    /// <summary>Makes RDI (EDI under an address-size prefix) the address, with the instruction's segment.</summary>
    public static void TakeAddress(ref OpBuilder b)
    {
        b.Op->Base = OpBuilder.OffsetOf(Register.RDI);
        b.Op->Immediate = b.Instruction.Op0Kind == OpKind.MemorySegRDI ? 0 : Narrow;
        b.Op->Scale = b.Model.Has(CpuHabits.MaskedStoreUpperHalfFirst) ? (byte)1 : (byte)0;
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
        ulong offset = *(ulong*)((byte*)s + op->Base);
        ulong address = (op->Immediate == Narrow ? (uint)offset : offset) + *(ulong*)((byte*)s + op->Segment);
        if (op->Scale != 0 && mask.Length == 2 * HalfBytes && !HasHalves(vcpu, s, address))
        {
            return vcpu.Fault(op);
        }

        byte* to = (address & (HalfBytes - 1)) == 0 ? Probe.OpenAnywhere(vcpu, s, address, mask.Length) : vcpu.OpenStore(s, address, mask.Length);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        for (int i = 0; i < mask.Length; i++)
        {
            to[i] = mask[i] >= 0x80 ? data[i] : to[i];
        }

        vcpu.Commit(s);
        return op + 1;
    }

    /// <summary>True when both halves of 16 bytes at <paramref name="address"/> can be written; the upper one is asked for first.</summary>
    private static bool HasHalves(Vcpu vcpu, CpuState* s, ulong address)
    {
        bool can = vcpu.OpenStore(s, address + HalfBytes, HalfBytes) is not null && vcpu.OpenStore(s, address, HalfBytes) is not null;
        s->PendingStore = 0;
        return can;
    }
}
