using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>INVLPG, INVPCID, INVD and WBINVD.</summary>
/// <remarks>Source: [SDM2 "INVLPG", "INVPCID", "INVD", "WBINVD"].</remarks>
internal static unsafe class SystemTlb
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Invlpg, EmitInvlpg),
        new(Mnemonic.Invpcid, EmitInvpcid),
        new(Mnemonic.Invd, static (ref OpBuilder b) => Set(ref b, &PrivilegedNop)),
        new(Mnemonic.Wbinvd, static (ref OpBuilder b) => Set(ref b, &PrivilegedNop)),
    ];

    private static bool Set(ref OpBuilder b, Handler handler)
    {
        b.Op->Run = handler;
        return true;
    }

    private static bool EmitInvlpg(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &InvalidatePage;
        return true;
    }

    private static bool EmitInvpcid(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Src = b.RegisterAt(0);
        b.Op->Run = &InvalidatePcid;
        return true;
    }

    private static Op* InvalidatePage(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        vcpu.Mmu.InvalidatePage(new VirtAddr(Operands.Address(s, op)));
        return vcpu.Leave(op);
    }

    private static Op* InvalidatePcid(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* from = vcpu.Read(s, Operands.Address(s, op), 16);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ulong type = *(ulong*)Operands.Src(s, op);
        ulong descriptor = *(ulong*)from;
        VirtAddr address = new(*(ulong*)(from + 8));
        if (!InvpcidRules.TryPlan(type, descriptor, address, vcpu.Mmu.Mode, AddressRegisters.BitsOf(vcpu), out TlbInvalidation owed))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        vcpu.Mmu.Invalidate(owed);
        return vcpu.Leave(op);
    }

    /// <summary>The modelled caches hold no data of their own, so there is nothing to write back.</summary>
    private static Op* PrivilegedNop(Vcpu vcpu, CpuState* s, Op* op) =>
        vcpu.Control.Cpl == 0 ? op + 1 : vcpu.Raise(op, ExceptionVector.GP);
}
