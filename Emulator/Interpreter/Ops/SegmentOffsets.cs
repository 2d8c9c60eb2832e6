using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>Addresses under FS and GS on processors that want the offset to be canonical before the base is added.</summary>
/// <remarks>
/// For one that is not, or whose last byte is not, the sum is made an address that is not: the access itself then raises #GP, and an
/// instruction that does not access its operand does not fault. Offsets of 32 bits, absolute ones and almost all relative to RIP need no look.
/// See <see cref="CpuHabits.CanonicalOffsets"/>.
/// </remarks>
internal static unsafe class SegmentOffsets
{
    /// <summary>Bits of an address that is canonical with four levels of tables, and so with five.</summary>
    private const int AlwaysCanonicalBits = 48;

    /// <summary>True when the address of the memory operand, which lies under FS or GS, has to be computed by <see cref="ComputeOffset"/> first.</summary>
    public static bool AreJudged(in OpBuilder b)
    {
        ref readonly Instruction instruction = ref b.Instruction;
        if (!b.Model.Has(CpuHabits.CanonicalOffsets) || !Accesses(instruction))
        {
            return false;
        }

        ulong first = instruction.MemoryDisplacement64;
        ulong last = first + (ulong)Math.Max(1, instruction.MemorySize.GetSize()) - 1;
        bool constant = instruction.MemoryBase is Register.None or Register.RIP && instruction.MemoryIndex == Register.None;
        return !constant || !new VirtAddr(first).IsCanonical(AlwaysCanonicalBits) || !new VirtAddr(last).IsCanonical(AlwaysCanonicalBits);
    }

    /// <summary>The offset, into the scratch slot; <see cref="Op.Immediate"/> is the operand's length.</summary>
    public static Op* ComputeOffset(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong segment = *(ulong*)((byte*)s + op->Segment);
        ulong first = Operands.Address(s, op) - segment;
        ulong last = first + op->Immediate - 1;
        int bits = vcpu.Mmu.Mode.AddressBits;
        s->Slots[CpuState.ScratchSlot] = !new VirtAddr(first).IsCanonical(bits) ? first - segment
            : !new VirtAddr(last).IsCanonical(bits) ? last - segment
            : first;
        return op + 1;
    }

    /// <summary>False for what only computes with the address, and for a bit string, whose bit moves the offset yet.</summary>
    private static bool Accesses(in Instruction instruction) => instruction.Mnemonic switch
    {
        Mnemonic.Lea or Mnemonic.Invlpg => false,
        Mnemonic.Bt or Mnemonic.Btc or Mnemonic.Btr or Mnemonic.Bts => instruction.Op1Kind != OpKind.Register,
        _ => true,
    };
}
