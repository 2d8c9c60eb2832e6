using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Integer;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>IN, OUT, INS and OUTS: the access leaves the core, and whoever runs it is the device.</summary>
/// <remarks>
/// Above IOPL the bitmap of the TSS decides. A repeated INS or OUTS leaves once for each element; INS leaves before it is done,
/// comes again with <see cref="Vcpu.PortReply"/>, and stores that. Source: [SDM1 Input/Output, "Protected-Mode I/O"]; [SDM2 "IN", "OUT",
/// "INS/INSB/INSW/INSD", "OUTS/OUTSB/OUTSW/OUTSD"].
/// </remarks>
internal static unsafe class Ports
{
    private const uint TssBitmapBase = 102;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.In, EmitIn),
        new(Mnemonic.Out, EmitOut),
        new(Mnemonic.Insb, EmitStringIn<W8>),
        new(Mnemonic.Insw, EmitStringIn<W16>),
        new(Mnemonic.Insd, EmitStringIn<W32>),
        new(Mnemonic.Outsb, EmitStringOut<W8>),
        new(Mnemonic.Outsw, EmitStringOut<W16>),
        new(Mnemonic.Outsd, EmitStringOut<W32>),
    ];

    private static bool EmitIn(ref OpBuilder b)
    {
        b.Op->Dst = (byte)b.Instruction.Op0Register.GetSize();
        b.Op->Immediate = b.IsImmediate(1) ? b.Instruction.Immediate8 : ulong.MaxValue;
        b.Op->Run = &Input;
        return true;
    }

    private static bool EmitOut(ref OpBuilder b)
    {
        b.Op->Dst = (byte)b.Instruction.Op1Register.GetSize();
        b.Op->Immediate = b.IsImmediate(0) ? b.Instruction.Immediate8 : ulong.MaxValue;
        b.Op->Run = &Output;
        return true;
    }

    private static bool EmitStringIn<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        TakeString(ref b);
        b.Op->Run = &StringInput<TWidth>;
        return true;
    }

    private static bool EmitStringOut<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        TakeString(ref b);
        b.Op->Run = &StringOutput<TWidth>;
        return true;
    }

    private static void TakeString(ref OpBuilder b)
    {
        bool repeats = b.Instruction.HasRepPrefix || b.Instruction.HasRepnePrefix;
        StringRun.Take(ref b, repeats ? StringRepeat.WhileEqual : StringRepeat.None);
    }

    private static Op* Input(Vcpu vcpu, CpuState* s, Op* op)
    {
        ushort port = PortOf(s, op);
        if (!MayUse(vcpu, op, port, op->Dst))
        {
            return null;
        }

        Note(vcpu, port, op->Dst);
        vcpu.Exit.PortOut = false;
        return vcpu.Leave(op);
    }

    private static Op* Output(Vcpu vcpu, CpuState* s, Op* op)
    {
        ushort port = PortOf(s, op);
        if (!MayUse(vcpu, op, port, op->Dst))
        {
            return null;
        }

        Note(vcpu, port, op->Dst);
        vcpu.Exit.PortOut = true;
        vcpu.Exit.PortValue = op->Dst switch
        {
            1 => (byte)s->Slots[Gpr.Rax],
            2 => (ushort)s->Slots[Gpr.Rax],
            _ => (uint)s->Slots[Gpr.Rax],
        };
        return vcpu.Leave(op);
    }

    private static Op* StringInput<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        StringRun run = new(vcpu, s, op, TWidth.Bytes);
        ushort port = (ushort)s->Slots[Gpr.Rdx];
        if (!MayUse(vcpu, op, port, TWidth.Bytes))
        {
            return null;
        }

        if (run.Left == 0)
        {
            return op + 1;
        }

        byte* to = vcpu.OpenStore(s, run.Target, TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        if (vcpu.PortReply is not { } reply)
        {
            vcpu.Rewind(op);
            Note(vcpu, port, TWidth.Bytes);
            (vcpu.Exit.PortOut, vcpu.Exit.PortAgain) = (false, true);
            return null;
        }

        vcpu.PortReply = null;
        TWidth.Write(to, reply);
        vcpu.Commit(s);
        run.Advance(1, usesSource: false, usesTarget: true);
        run.Store(usesSource: false, usesTarget: true);
        return run.Left != 0 ? Again(vcpu, op) : op + 1;
    }

    private static Op* StringOutput<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        StringRun run = new(vcpu, s, op, TWidth.Bytes);
        ushort port = (ushort)s->Slots[Gpr.Rdx];
        if (!MayUse(vcpu, op, port, TWidth.Bytes))
        {
            return null;
        }

        if (run.Left == 0)
        {
            return op + 1;
        }

        byte* from = vcpu.Read(s, run.Source, TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        uint value = (uint)TWidth.Read(from);
        run.Advance(1, usesSource: true, usesTarget: false);
        run.Store(usesSource: true, usesTarget: false);
        Note(vcpu, port, TWidth.Bytes);
        (vcpu.Exit.PortOut, vcpu.Exit.PortValue) = (true, value);
        return run.Left != 0 ? Again(vcpu, op) : vcpu.Leave(op);
    }

    /// <summary>Comes back to the same instruction for its next element.</summary>
    private static Op* Again(Vcpu vcpu, Op* op)
    {
        vcpu.Rewind(op);
        return null;
    }

    private static ushort PortOf(CpuState* s, Op* op) => op->Immediate == ulong.MaxValue ? (ushort)s->Slots[Gpr.Rdx] : (ushort)op->Immediate;

    private static bool MayUse(Vcpu vcpu, Op* op, ushort port, int bytes)
    {
        if ((ulong)vcpu.Control.Cpl <= (vcpu.State->Rflags & Rflags.Iopl) >> 12)
        {
            return true;
        }

        ControlRegisters control = vcpu.Control;
        if (control.TssLimit < TssBitmapBase + 1)
        {
            return CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, 0, when: true);
        }

        if (!vcpu.System.TryRead(control.TssBase + TssBitmapBase, 2, out ulong bitmap))
        {
            SystemFaults.Raise(vcpu, op);
            return false;
        }

        ulong at = bitmap + ((ulong)port >> 3);
        if (!CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, 0, at + 1 > control.TssLimit))
        {
            return false;
        }

        if (!vcpu.System.TryRead(control.TssBase + at, 2, out ulong bits))
        {
            SystemFaults.Raise(vcpu, op);
            return false;
        }

        ulong wanted = ((1UL << bytes) - 1) << (port & 7);
        return CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, 0, (bits & wanted) != 0);
    }

    private static void Note(Vcpu vcpu, ushort port, int bytes)
    {
        vcpu.Exit.Kind = CoreExitKind.Port;
        vcpu.Exit.Port = port;
        vcpu.Exit.PortBytes = (byte)bytes;
        vcpu.Exit.PortAgain = false;
        if (vcpu.Debug.WatchesPorts && (vcpu.Control.Cr4 & Cr4Bits.De) != 0)
        {
            vcpu.Debug.NotePort(port, bytes);
        }
    }
}
