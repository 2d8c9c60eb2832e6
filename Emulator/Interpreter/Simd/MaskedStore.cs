using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>The byte-masked store to [RDI] of MASKMOVQ and MASKMOVDQU.</summary>
/// <remarks>
/// The whole operand is opened whatever the mask says, so that even a mask of zeroes may fault: the manual leaves that to the
/// implementation, and AMD's Zen 5 does so; under RFLAGS.AC
/// it has to be aligned to 8 bytes. Source: [SDM2 "MASKMOVDQU"].
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
        ulong offset = *(ulong*)((byte*)s + op->Base);
        ulong address = (op->Immediate == Narrow ? (uint)offset : offset) + *(ulong*)((byte*)s + op->Segment);
        byte* to = (address & 7) == 0 ? Probe.OpenAnywhere(vcpu, s, address, mask.Length) : vcpu.OpenStore(s, address, mask.Length);
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
}
