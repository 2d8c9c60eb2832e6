using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Integer;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>Segment registers as 64-bit user code meets them, and the FS and GS base instructions.</summary>
/// <remarks>
/// A null selector in FS or GS clears its base. Source: [SDM2 "MOV", "RDFSBASE/RDGSBASE", "WRFSBASE/WRGSBASE"].
/// </remarks>
internal static unsafe class Segments
{
    private const ulong FsGsBase = 1 << 16;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Mov, EmitMov),
        new(Mnemonic.Push, EmitPush),
        new(Mnemonic.Pop, EmitPop),
        new(Mnemonic.Rdfsbase, EmitBase),
        new(Mnemonic.Rdgsbase, EmitBase),
        new(Mnemonic.Wrfsbase, EmitBase),
        new(Mnemonic.Wrgsbase, EmitBase),
    ];

    /// <summary>MOV from or to a segment register.</summary>
    private static bool EmitMov(ref OpBuilder b)
    {
        if (!b.Instruction.Op0Register.IsSegmentRegister() && !b.Instruction.Op1Register.IsSegmentRegister())
        {
            return false;
        }

        if (b.IsRegister(1) && b.Instruction.Op1Register.IsSegmentRegister())
        {
            Register segment = b.Instruction.Op1Register;
            int bytes = b.IsRegister(0) ? b.BytesAt(0) : 2;
            b.TakeDestination();
            b.Op->Src = (byte)segment.GetNumber();
            b.Op->Run = b.IsRegister(0) ? Pick.Width<ReadIntoRegister>(bytes) : &ReadIntoMemory;
            return true;
        }

        b.TakeOperands();
        b.Op->Dst = (byte)b.Instruction.Op0Register.GetNumber();
        b.Op->Run = b.IsRegister(1) ? &LoadFromRegister : &LoadFromMemory;
        if (b.Instruction.Op0Register == Register.CS)
        {
            b.Op->Run = &Invalid.Undefined;
        }

        return true;
    }

    /// <summary>PUSH of FS or GS.</summary>
    private static bool EmitPush(ref OpBuilder b)
    {
        b.Op->Src = (byte)b.Instruction.Op0Register.GetNumber();
        b.Op->Run = b.Instruction.StackPointerIncrement == -8 ? &Push<W64> : &Push<W16>;
        return true;
    }

    /// <summary>POP of FS or GS.</summary>
    private static bool EmitPop(ref OpBuilder b)
    {
        b.Op->Dst = (byte)b.Instruction.Op0Register.GetNumber();
        b.Op->Run = b.Instruction.StackPointerIncrement == 8 ? &Pop<W64> : &Pop<W16>;
        return true;
    }

    private static bool EmitBase(ref OpBuilder b)
    {
        bool fs = b.Instruction.Mnemonic is Mnemonic.Rdfsbase or Mnemonic.Wrfsbase;
        bool read = b.Instruction.Mnemonic is Mnemonic.Rdfsbase or Mnemonic.Rdgsbase;
        int bytes = b.BytesAt(0);
        b.Op->Dst = b.RegisterAt(0);
        b.Op->Segment = (byte)((fs ? CpuState.FsBaseSlot : CpuState.GsBaseSlot) * 8);
        b.Op->Run = bytes == 8
            ? (read ? &ReadBase<W64> : &WriteBase<W64>)
            : (read ? &ReadBase<W32> : &WriteBase<W32>);
        return true;
    }

    private static Op* ReadRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), vcpu.Control.SelectorOf(op->Src));
        return op + 1;
    }

    private static Op* ReadIntoMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 2);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *(ushort*)to = vcpu.Control.SelectorOf(op->Src);
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* LoadFromRegister(Vcpu vcpu, CpuState* s, Op* op) => Load(vcpu, op, (SegmentNumber)op->Dst, *(ushort*)Operands.Src(s, op));

    private static Op* LoadFromMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : Load(vcpu, op, (SegmentNumber)op->Dst, *(ushort*)from);
    }

    /// <summary>Loads <paramref name="selector"/>; the op goes on, or the exit says why not.</summary>
    public static Op* Load(Vcpu vcpu, Op* op, SegmentNumber segment, ushort selector)
    {
        Op* next = (selector & ~3) != 0 ? SegmentLoads.Load(vcpu, op, segment, selector) : LoadNull(vcpu, op, segment, selector);
        vcpu.Debug.Inhibited = segment == SegmentNumber.Ss && next is not null;
        return next;
    }

    /// <summary>A null selector is good for every register but SS, and for SS below CPL 3; it clears the base of FS or GS.</summary>
    private static Op* LoadNull(Vcpu vcpu, Op* op, SegmentNumber segment, ushort selector)
    {
        if (segment == SegmentNumber.Ss && (vcpu.Control.Cpl == 3 || (selector & 3) != vcpu.Control.Cpl))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        vcpu.Control.SetSelector((int)segment, selector);
        if (segment is SegmentNumber.Fs)
        {
            vcpu.FsBase = 0;
        }
        else if (segment is SegmentNumber.Gs)
        {
            vcpu.GsBase = 0;
        }

        return op + 1;
    }

    private static Op* Push<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth =>
        Stack.TryPush<TWidth>(vcpu, s, vcpu.Control.SelectorOf(op->Src)) ? op + 1 : Stack.Fault(vcpu, op);

    private static Op* Pop<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, s->Slots[Gpr.Rsp], TWidth.Bytes);
        if (from is null)
        {
            return Stack.Fault(vcpu, op);
        }

        Op* next = Load(vcpu, op, (SegmentNumber)op->Dst, *(ushort*)from);
        s->Slots[Gpr.Rsp] += next is null ? 0 : (ulong)TWidth.Bytes;
        return next;
    }

    private static Op* ReadBase<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        if ((vcpu.Control.Cr4 & FsGsBase) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), *(ulong*)((byte*)s + op->Segment));
        return op + 1;
    }

    private static Op* WriteBase<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        if ((vcpu.Control.Cr4 & FsGsBase) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        ulong value = TWidth.Read(Operands.Dst(s, op));
        if (!AddressRegisters.CanHold(vcpu, value))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        *(ulong*)((byte*)s + op->Segment) = value;
        return op + 1;
    }

    private readonly struct ReadIntoRegister : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ReadRegister<TWidth>;
    }
}
