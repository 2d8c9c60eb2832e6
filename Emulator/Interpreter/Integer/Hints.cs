using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>Instructions without a result: NOP, fences, prefetches, PAUSE, ENDBR, CLFLUSH and its kin, and XLAT, MOVNTI beside them.</summary>
/// <remarks>
/// Memory is ordered as the program says, so fences have nothing to wait for. Prefetches never fault and touch nothing; CLFLUSH
/// checks its byte as a load does. Encodings that were NOP before they got a meaning (CLDEMOTE, RDSSP) are NOP on this core.
/// Source: [SDM2 "NOP", "PREFETCHh", "CLFLUSH", "CLFLUSHOPT", "CLWB", "XLAT/XLATB"], P-043.
/// </remarks>
internal static unsafe class Hints
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Nop, EmitNothing),
        new(Mnemonic.Reservednop, EmitReserved),
        new(Mnemonic.Endbr32, EmitNothing),
        new(Mnemonic.Endbr64, EmitNothing),
        new(Mnemonic.Rdsspd, EmitNothing),
        new(Mnemonic.Rdsspq, EmitNothing),
        new(Mnemonic.Cldemote, EmitNothing),
        new(Mnemonic.Pause, EmitNothing),
        new(Mnemonic.Mfence, EmitNothing),
        new(Mnemonic.Lfence, EmitNothing),
        new(Mnemonic.Serialize, EmitNothing),
        new(Mnemonic.Sfence, EmitNothing),
        new(Mnemonic.Prefetch, EmitNothing),
        new(Mnemonic.Prefetchw, EmitNothing),
        new(Mnemonic.Prefetchwt1, EmitNothing),
        new(Mnemonic.Prefetchit0, EmitNothing),
        new(Mnemonic.Prefetchit1, EmitNothing),
        new(Mnemonic.Prefetchnta, EmitNothing),
        new(Mnemonic.Prefetcht0, EmitNothing),
        new(Mnemonic.Prefetcht1, EmitNothing),
        new(Mnemonic.Prefetcht2, EmitNothing),
        new(Mnemonic.Clflush, EmitFlush),
        new(Mnemonic.Clflushopt, EmitFlush),
        new(Mnemonic.Clwb, EmitFlush),
        new(Mnemonic.Xlatb, EmitTranslate),
    ];

    private static bool EmitNothing(ref OpBuilder b)
    {
        b.Op->Run = &Nothing;
        return true;
    }

    private static bool EmitReserved(ref OpBuilder b)
    {
        bool prefetch = b.Instruction.Code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D;
        b.Op->Run = prefetch && b.IsRegister(0) && b.Model.Has(CpuHabits.PrefetchNeedsMemory) ? &Invalid.Undefined : &Nothing;
        return true;
    }

    private static bool EmitFlush(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &Flush;
        return true;
    }

    private static bool EmitTranslate(ref OpBuilder b)
    {
        b.Op->Segment = OpBuilder.SegmentSlotOf(b.Instruction.MemorySegment);
        b.Op->Immediate = b.Instruction.MemoryBase == Register.EBX ? uint.MaxValue : ulong.MaxValue;
        b.Op->Run = &Translate;
        return true;
    }

    private static Op* Nothing(Vcpu vcpu, CpuState* s, Op* op) => op + 1;

    private static Op* Flush(Vcpu vcpu, CpuState* s, Op* op) =>
        vcpu.Read(s, Operands.Address(s, op), 1) is null ? vcpu.Fault(op) : op + 1;

    private static Op* Translate(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* al = (byte*)s->Slots;
        ulong address = ((s->Slots[Gpr.Rbx] + *al) & op->Immediate) + *(ulong*)((byte*)s + op->Segment);
        byte* from = vcpu.Read(s, address, 1);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        *al = *from;
        return op + 1;
    }
}
