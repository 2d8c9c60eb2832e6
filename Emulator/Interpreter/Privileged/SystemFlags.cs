using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>CLI, STI, CLAC, STAC, RDPKRU, WRPKRU, SWAPGS and HLT.</summary>
/// <remarks>Source: [SDM2 under each name]; I/O privilege: [SDM1 Input/Output, "I/O Sensitive Instructions"].</remarks>
internal static unsafe class SystemFlags
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cli, static (ref OpBuilder b) => Set(ref b, &ClearInterrupts)),
        new(Mnemonic.Sti, static (ref OpBuilder b) => Set(ref b, &SetInterrupts)),
        new(Mnemonic.Clac, static (ref OpBuilder b) => Set(ref b, &ClearAc)),
        new(Mnemonic.Stac, static (ref OpBuilder b) => Set(ref b, &SetAc)),
        new(Mnemonic.Rdpkru, static (ref OpBuilder b) => Set(ref b, &ReadPkru)),
        new(Mnemonic.Wrpkru, static (ref OpBuilder b) => Set(ref b, &WritePkru)),
        new(Mnemonic.Swapgs, static (ref OpBuilder b) => Set(ref b, &SwapGs)),
        new(Mnemonic.Hlt, static (ref OpBuilder b) => Set(ref b, &Halt)),
    ];

    private static bool Set(ref OpBuilder b, Handler handler)
    {
        b.Op->Run = handler;
        return true;
    }

    private static bool MayDoIo(Vcpu vcpu) => (ulong)vcpu.Control.Cpl <= (vcpu.State->Rflags & Rflags.Iopl) >> 12;

    private static Op* ClearInterrupts(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!MayDoIo(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        s->Rflags &= ~Rflags.IF;
        return op + 1;
    }

    private static Op* SetInterrupts(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!MayDoIo(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        s->Rflags |= Rflags.IF;
        return op + 1;
    }

    private static Op* ClearAc(Vcpu vcpu, CpuState* s, Op* op) => ChangeAc(vcpu, op, Rflags.Read(s) & ~Rflags.AC);

    private static Op* SetAc(Vcpu vcpu, CpuState* s, Op* op) => ChangeAc(vcpu, op, Rflags.Read(s) | Rflags.AC);

    private static Op* ChangeAc(Vcpu vcpu, Op* op, ulong flags)
    {
        if (vcpu.Control.Cpl != 0 || !vcpu.Model.Has(CpuFeatures.Smap))
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        Privilege.SetFlags(vcpu, flags);
        return vcpu.Leave(op);
    }

    private static Op* ReadPkru(Vcpu vcpu, CpuState* s, Op* op)
    {
        if ((vcpu.Control.Cr4 & Cr4Bits.Pke) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        if ((uint)s->Slots[Gpr.Rcx] != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        s->Slots[Gpr.Rax] = vcpu.Control.Pkru;
        s->Slots[Gpr.Rdx] = 0;
        return op + 1;
    }

    private static Op* WritePkru(Vcpu vcpu, CpuState* s, Op* op)
    {
        if ((vcpu.Control.Cr4 & Cr4Bits.Pke) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        if ((uint)s->Slots[Gpr.Rcx] != 0 || (uint)s->Slots[Gpr.Rdx] != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        vcpu.Control.Pkru = (uint)s->Slots[Gpr.Rax];
        Privilege.Refresh(vcpu);
        return vcpu.Leave(op);
    }

    private static Op* SwapGs(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        (vcpu.GsBase, vcpu.Control.KernelGsBase) = (vcpu.Control.KernelGsBase, vcpu.GsBase);
        return op + 1;
    }

    private static Op* Halt(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        vcpu.Exit.Kind = CoreExitKind.Halt;
        return vcpu.Leave(op);
    }
}
