using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>Far RET and IRET, with operands of 2, 4 and 8 bytes, to the same level or an outer one.</summary>
/// <remarks>
/// In 64-bit mode IRET always takes SS and RSP, and a null SS is good for any level but 3.
/// Source: [SDM2 "RET", "IRET/IRETD/IRETQ"].
/// </remarks>
internal static unsafe class FarReturns
{
    private const ulong IretFlags =
        Rflags.Arithmetic | Rflags.TF | Rflags.DF | Rflags.NT | Rflags.RF | Rflags.AC | Rflags.ID;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Retf, EmitReturn),
        new(Mnemonic.Iret, static (ref OpBuilder b) => Set(ref b, &InterruptReturn<W16>)),
        new(Mnemonic.Iretd, static (ref OpBuilder b) => Set(ref b, &InterruptReturn<W32>)),
        new(Mnemonic.Iretq, static (ref OpBuilder b) => Set(ref b, &InterruptReturn<W64>)),
    ];

    private static bool Set(ref OpBuilder b, Handler handler)
    {
        b.Op->Run = handler;
        return true;
    }

    private static bool EmitReturn(ref OpBuilder b)
    {
        b.Op->Immediate = b.Instruction.OpCount > 0 ? b.Instruction.GetImmediate(0) : 0;
        b.Op->Run = b.Instruction.Code switch
        {
            Code.Retfw or Code.Retfw_imm16 => &Return<W16>,
            Code.Retfd or Code.Retfd_imm16 => &Return<W32>,
            _ => &Return<W64>,
        };
        return true;
    }

    private static Op* Return<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = FarStack.Peek<TWidth>(vcpu, s, op, offset: 0, words: 2);
        if (from is null)
        {
            return null;
        }

        (ulong rip, ushort code) = (TWidth.Read(from), (ushort)TWidth.Read(from + TWidth.Bytes));
        ulong behind = (2 * (ulong)TWidth.Bytes) + op->Immediate;
        if (!CodeTargets.TryRead(vcpu, op, code, out Descriptor segment)
            || !CodeTargets.MayReturn(vcpu, op, code, segment)
            || !CodeTargets.IsCanonical(vcpu, op, rip))
        {
            return null;
        }

        (ulong stack, ushort stackSegment) = (s->Slots[Gpr.Rsp] + behind, vcpu.Control.Ss);
        bool outward = (code & 3) != vcpu.Control.Cpl;
        if (outward && !TryOuterStack<TWidth>(vcpu, s, op, behind, out stack, out stackSegment, code & 3))
        {
            return null;
        }

        vcpu.Leave(op);
        vcpu.Rip = rip;
        s->Slots[Gpr.Rsp] = stack;
        Enter(vcpu, code, stackSegment);
        return null;
    }

    private static bool TryOuterStack<TWidth>(
        Vcpu vcpu, CpuState* s, Op* op, ulong offset, out ulong stack, out ushort segment, int level)
        where TWidth : struct, IWidth
    {
        (stack, segment) = (0, 0);
        byte* from = FarStack.Peek<TWidth>(vcpu, s, op, offset, words: 2);
        if (from is null)
        {
            return false;
        }

        (stack, segment) = (TWidth.Read(from) + op->Immediate, (ushort)TWidth.Read(from + TWidth.Bytes));
        return CodeTargets.MayReturnStack(vcpu, op, segment, level);
    }

    private static Op* InterruptReturn<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        if ((s->Rflags & Rflags.NT) != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* from = FarStack.Peek<TWidth>(vcpu, s, op, offset: 0, words: 5);
        if (from is null)
        {
            return null;
        }

        ReturnFrame frame = new(
            TWidth.Read(from),
            (ushort)TWidth.Read(from + TWidth.Bytes),
            TWidth.Read(from + (2 * TWidth.Bytes)),
            TWidth.Read(from + (3 * TWidth.Bytes)),
            (ushort)TWidth.Read(from + (4 * TWidth.Bytes)));
        if (!CodeTargets.TryRead(vcpu, op, frame.Cs, out Descriptor segment)
            || !CodeTargets.MayReturn(vcpu, op, frame.Cs, segment)
            || !CodeTargets.IsCanonical(vcpu, op, frame.Rip)
            || !CodeTargets.MayReturnStack(vcpu, op, frame.Ss, frame.Cs & 3))
        {
            return null;
        }

        ulong flags = FlagsOf<TWidth>(vcpu, s, frame.Flags);
        vcpu.Leave(op);
        vcpu.Rip = frame.Rip;
        s->Slots[Gpr.Rsp] = frame.Rsp;
        Privilege.SetFlags(vcpu, flags);
        Enter(vcpu, frame.Cs, frame.Ss);
        return null;
    }

    private static ulong FlagsOf<TWidth>(Vcpu vcpu, CpuState* s, ulong popped)
        where TWidth : struct, IWidth
    {
        int level = vcpu.Control.Cpl;
        ulong writable = IretFlags
            | (level == 0 ? Rflags.Iopl : 0)
            | ((ulong)level <= (s->Rflags & Rflags.Iopl) >> 12 ? Rflags.IF : 0);
        writable &= TWidth.Bytes == 2 ? 0xFFFFUL : ulong.MaxValue;
        return (Rflags.Read(s) & ~writable) | (popped & writable);
    }

    private static void Enter(Vcpu vcpu, ushort code, ushort stack)
    {
        bool outward = (code & 3) != vcpu.Control.Cpl;
        if (outward)
        {
            CodeTargets.DropInnerSegments(vcpu, code & 3);
        }

        Privilege.EnterCode(vcpu, code);
        vcpu.Control.Ss = stack;
    }

    private readonly record struct ReturnFrame(ulong Rip, ushort Cs, ulong Flags, ulong Rsp, ushort Ss);
}
