using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>SYSCALL into the guest's own kernel, SYSRETQ and IRETQ.</summary>
/// <remarks>Source: [SDM2 "SYSCALL", "SYSRET", "IRET/IRETD/IRETQ"].</remarks>
internal static unsafe class SystemReturns
{
    private const int Rcx = 1;
    private const int Rsp = 4;
    private const int R11 = 11;
    private const ulong SysretFlags = 0x3C_7FD7;
    private const ulong IretFlags =
        Rflags.Arithmetic | Rflags.TF | Rflags.DF | Rflags.NT | Rflags.RF | Rflags.AC | Rflags.ID;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Sysretq, static (ref OpBuilder b) => Set(ref b, &SysRet)),
        new(Mnemonic.Iretq, static (ref OpBuilder b) => Set(ref b, &InterruptReturn)),
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
        s->Slots[Rcx] = op->NextRip;
        s->Slots[R11] = flags & ~Rflags.RF;
        Privilege.SetFlags(vcpu, flags & ~control.FMask & ~Rflags.RF);
        vcpu.Debug.StepsOver = (control.FMask & Rflags.TF) != 0;
        ushort selector = (ushort)((control.Star >> 32) & 0xFFFC);
        vcpu.Leave(op);
        vcpu.Rip = control.LStar;
        Privilege.EnterCode(vcpu, selector);
        control.Ss = (ushort)(selector + 8);
        return null;
    }

    private static bool Set(ref OpBuilder b, delegate*<Vcpu, CpuState*, Op*, Op*> handler)
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

        // A target that is not canonical is judged while CPL is still 0.
        ulong target = s->Slots[Rcx];
        if (control.Cpl != 0 || !new VirtAddr(target).IsCanonical(vcpu.Mmu.Mode.AddressBits))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ushort selector = (ushort)((control.Star >> 48) + 16);
        vcpu.Leave(op);
        vcpu.Rip = target;
        Privilege.SetFlags(vcpu, s->Slots[R11] & SysretFlags);

        // Other than IRETQ, SYSRET that sets TF traps before the first instruction it returns to.
        vcpu.Debug.StepsOver = true;
        vcpu.Debug.Pending |= (s->Slots[R11] & Rflags.TF) != 0 ? DebugRegisters.SingleStep : 0;
        Privilege.EnterCode(vcpu, (ushort)(selector | 3));
        control.Ss = (ushort)(((control.Star >> 48) + 8) | 3);
        return null;
    }

    private static Op* InterruptReturn(Vcpu vcpu, CpuState* s, Op* op)
    {
        if ((s->Rflags & Rflags.NT) != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* from = vcpu.Read(s, s->Slots[Rsp], 40);
        if (from is null)
        {
            op->Traits |= OpTraits.StackSegment;
            return vcpu.Fault(op);
        }

        ulong* words = (ulong*)from;
        ReturnFrame frame = new(words[0], words[1], words[2], words[3], words[4]);
        return CheckCode(vcpu, op, frame) ? Return(vcpu, s, op, frame) : null;
    }

    private static Op* Return(Vcpu vcpu, CpuState* s, Op* op, in ReturnFrame frame)
    {
        ControlRegisters control = vcpu.Control;
        int level = control.Cpl;
        ulong writable = IretFlags
            | (level == 0 ? Rflags.Iopl : 0)
            | ((ulong)level <= (s->Rflags & Rflags.Iopl) >> 12 ? Rflags.IF : 0);
        ulong flags = (Rflags.Read(s) & ~writable) | (frame.Flags & writable);
        vcpu.Leave(op);
        vcpu.Rip = frame.Rip;
        s->Slots[Rsp] = frame.Rsp;
        Privilege.SetFlags(vcpu, flags);
        Privilege.EnterCode(vcpu, (ushort)frame.Cs);
        control.Ss = (ushort)frame.Ss;
        return null;
    }

    /// <summary>The selectors and the address to return to; on failure the exit is set and the op rewound.</summary>
    private static bool CheckCode(Vcpu vcpu, Op* op, in ReturnFrame frame)
    {
        ControlRegisters control = vcpu.Control;
        ushort code = (ushort)frame.Cs;
        int level = code & 3;
        if ((code & ~3) == 0)
        {
            vcpu.Raise(op, ExceptionVector.GP);
            return false;
        }

        if (!Descriptors.TryRead(vcpu, code, out Descriptor segment, out bool refused))
        {
            _ = refused ? vcpu.Raise(op, ExceptionVector.GP, code & ~3U) : SystemFaults.Raise(vcpu, op);
            return false;
        }

        bool levelFits = segment.IsConforming ? segment.Dpl <= level : segment.Dpl == level;
        if (!segment.IsCode || !segment.IsLong || level < control.Cpl || !levelFits)
        {
            vcpu.Raise(op, ExceptionVector.GP, code & ~3U);
            return false;
        }

        if (!segment.Present)
        {
            vcpu.Raise(op, ExceptionVector.NP, code & ~3U);
            return false;
        }

        if (!new VirtAddr(frame.Rip).IsCanonical(vcpu.Mmu.Mode.AddressBits))
        {
            vcpu.Raise(op, ExceptionVector.GP);
            return false;
        }

        return CheckStack(vcpu, op, (ushort)frame.Ss, level);
    }

    private static bool CheckStack(Vcpu vcpu, Op* op, ushort stack, int level)
    {
        if ((stack & ~3) == 0)
        {
            if (level < 3 && (stack & 3) == level)
            {
                return true;
            }

            vcpu.Raise(op, ExceptionVector.GP);
            return false;
        }

        if (!Descriptors.TryRead(vcpu, stack, out Descriptor segment, out bool refused))
        {
            _ = refused ? vcpu.Raise(op, ExceptionVector.GP, stack & ~3U) : SystemFaults.Raise(vcpu, op);
            return false;
        }

        if ((stack & 3) != level || segment.Dpl != level || !segment.IsWritableData)
        {
            vcpu.Raise(op, ExceptionVector.GP, stack & ~3U);
            return false;
        }

        if (!segment.Present)
        {
            vcpu.Raise(op, ExceptionVector.SS, stack & ~3U);
            return false;
        }

        return true;
    }

    private readonly record struct ReturnFrame(ulong Rip, ulong Cs, ulong Flags, ulong Rsp, ulong Ss);
}
