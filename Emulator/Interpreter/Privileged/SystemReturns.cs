using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>SYSCALL into the guest's own kernel, SYSRETQ, SYSENTER and SYSEXIT.</summary>
/// <remarks>
/// SYSCALL takes the RPL of SS from STAR, that of CS is 0. Source: [SDM2 "SYSCALL", "SYSRET", "SYSENTER", "SYSEXIT"];
/// [APM3 "SYSCALL", "SYSRET", "SYSENTER", "SYSEXIT"].
/// </remarks>
internal static unsafe class SystemReturns
{
    private const ulong SysretFlags = 0x3C_7FD7;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Sysretq, EmitReturn),
        new(Mnemonic.Sysret, static (ref OpBuilder b) => Set(ref b, &ShortReturn)),
        new(Mnemonic.Sysenter, static (ref OpBuilder b) => Set(ref b, HasFast(b) ? &FastEnter : &Invalid.Undefined)),
        new(Mnemonic.Sysexit, static (ref OpBuilder b) => Set(ref b, HasFast(b) ? &ShortExit : &NoExit)),
        new(Mnemonic.Sysexitq, static (ref OpBuilder b) => Set(ref b, HasFast(b) ? &FastExit : &NoExit)),
    ];

    /// <summary>SYSCALL with <see cref="TrapMode.Idt"/>: to IA32_LSTAR at CPL 0; memory is not touched.</summary>
    public static Op* EnterKernel(Vcpu vcpu, CpuState* s, Op* op)
    {
        ControlRegisters control = vcpu.Control;
        if ((control.Efer & EferBits.Sce) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        ulong flags = Rflags.Read(s);
        s->Slots[Gpr.Rcx] = op->NextRip;
        s->Slots[Gpr.R11] = flags & ~Rflags.RF;
        Privilege.SetFlags(vcpu, flags & ~control.FMask & ~Rflags.RF);
        vcpu.Debug.StepsOver = (control.FMask & Rflags.TF) != 0;
        ushort selector = (ushort)((control.Star >> 32) & 0xFFFC);
        vcpu.Leave(op);
        vcpu.Rip = control.LStar;
        Privilege.EnterCode(vcpu, selector);
        control.Ss = (ushort)((control.Star >> 32) + 8);
        return null;
    }

    private static bool HasFast(in OpBuilder b) => b.Model.Has(CpuHabits.SysenterInLongMode);

    private static bool EmitReturn(ref OpBuilder b)
    {
        b.Op->Src = (byte)(b.Model.Has(CpuHabits.SysretChecksTarget) ? 1 : 0);
        b.Op->Dst = (byte)(b.Model.Has(CpuHabits.SysretSetsStackLevel) ? 3 : 0);
        return Set(ref b, &SysRet);
    }

    private static bool Set(ref OpBuilder b, Handler handler)
    {
        b.Op->Run = handler;
        return true;
    }

    private static Op* SysRet(Vcpu vcpu, CpuState* s, Op* op)
    {
        ControlRegisters control = vcpu.Control;
        if ((control.Efer & EferBits.Sce) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        // Judged here it is #GP while CPL is still 0, on a stack that user code has chosen; else the next fetch judges it at CPL 3.
        ulong target = s->Slots[Gpr.Rcx];
        bool judges = op->Src != 0;
        if (control.Cpl != 0 || (judges && !new VirtAddr(target).IsCanonical(vcpu.Mmu.Mode.AddressBits)))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ushort level = op->Dst;
        ushort selector = (ushort)((control.Star >> 48) + 16);
        vcpu.Leave(op);
        vcpu.Rip = target;
        Privilege.SetFlags(vcpu, s->Slots[Gpr.R11] & SysretFlags);

        // Other than IRETQ, SYSRET that sets TF traps before the first instruction it returns to.
        vcpu.Debug.StepsOver = true;
        vcpu.Debug.Pending |= (s->Slots[Gpr.R11] & Rflags.TF) != 0 ? DebugRegisters.SingleStep : 0;
        Privilege.EnterCode(vcpu, (ushort)(selector | 3));
        control.Ss = (ushort)(((control.Star >> 48) + 8) | level);
        return null;
    }

    /// <summary>SYSRET without REX.W returns to 32-bit code, which this core does not have.</summary>
    private static Op* ShortReturn(Vcpu vcpu, CpuState* s, Op* op) =>
        (vcpu.Control.Efer & EferBits.Sce) == 0 ? vcpu.Raise(op, ExceptionVector.UD)
        : vcpu.Control.Cpl != 0 ? vcpu.Raise(op, ExceptionVector.GP)
        : Invalid.Unsupported(vcpu, s, op);

    private static Op* FastEnter(Vcpu vcpu, CpuState* s, Op* op)
    {
        ControlRegisters control = vcpu.Control;
        if ((control.SysenterCs & 0xFFFC) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ushort selector = (ushort)(control.SysenterCs & 0xFFFC);
        Privilege.SetFlags(vcpu, Rflags.Read(s) & ~(Rflags.IF | Rflags.RF));
        vcpu.Leave(op);
        vcpu.Rip = control.SysenterRip;
        s->Slots[Gpr.Rsp] = control.SysenterRsp;
        Privilege.EnterCode(vcpu, selector);
        control.Ss = (ushort)(selector + 8);
        return null;
    }

    private static Op* FastExit(Vcpu vcpu, CpuState* s, Op* op)
    {
        ControlRegisters control = vcpu.Control;
        if ((control.SysenterCs & 0xFFFC) == 0
            || control.Cpl != 0
            || !new VirtAddr(s->Slots[Gpr.Rdx]).IsCanonical(vcpu.Mmu.Mode.AddressBits)
            || !new VirtAddr(s->Slots[Gpr.Rcx]).IsCanonical(vcpu.Mmu.Mode.AddressBits))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ushort selector = (ushort)(control.SysenterCs & 0xFFFC);
        vcpu.Leave(op);
        vcpu.Rip = s->Slots[Gpr.Rdx];
        s->Slots[Gpr.Rsp] = s->Slots[Gpr.Rcx];
        Privilege.EnterCode(vcpu, (ushort)((selector + 32) | 3));
        control.Ss = (ushort)((selector + 40) | 3);
        return null;
    }

    /// <summary>SYSEXIT where long mode has none: the level is judged first, as AMD processors do.</summary>
    private static Op* NoExit(Vcpu vcpu, CpuState* s, Op* op) =>
        vcpu.Control.Cpl != 0 ? vcpu.Raise(op, ExceptionVector.GP) : Invalid.Undefined(vcpu, s, op);

    /// <summary>SYSEXIT without REX.W returns to 32-bit code.</summary>
    private static Op* ShortExit(Vcpu vcpu, CpuState* s, Op* op) =>
        (vcpu.Control.SysenterCs & 0xFFFC) == 0 || vcpu.Control.Cpl != 0
            ? vcpu.Raise(op, ExceptionVector.GP)
            : Invalid.Unsupported(vcpu, s, op);
}
