using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>Control and status words, FNINIT, FNCLEX, stack pointer and tags, FWAIT.</summary>
/// <remarks>Source: [SDM2 "FINIT/FNINIT", "FCLEX/FNCLEX", "FLDCW", "FSTCW/FNSTCW", "FSTSW/FNSTSW", "FFREE", "FINCSTP", "WAIT/FWAIT"].</remarks>
internal static unsafe class X87Control
{
    private const ushort InitialControl = 0x037F;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fninit, EmitInit),
        new(Mnemonic.Fnclex, EmitClear),
        new(Mnemonic.Fldcw, EmitLoadControl),
        new(Mnemonic.Fnstcw, EmitStoreControl),
        new(Mnemonic.Fnstsw, EmitStoreStatus),
        new(Mnemonic.Ffree, EmitFree),
        new(Mnemonic.Ffreep, EmitFree),
        new(Mnemonic.Fincstp, EmitIncrement),
        new(Mnemonic.Fdecstp, EmitDecrement),
        new(Mnemonic.Fnop, EmitNop),
        new(Mnemonic.Wait, EmitWait),
        new(Mnemonic.Fneni, EmitNothing),
        new(Mnemonic.Fndisi, EmitNothing),
        new(Mnemonic.Fnsetpm, EmitNothing),
    ];

    /// <summary>The status word with TOP.</summary>
    public static ushort Status(CpuState* s) => (ushort)(s->FpuStatus | (s->FpuTop << 11));

    /// <summary>Sets status word and TOP.</summary>
    public static void SetStatus(CpuState* s, ushort value)
    {
        s->FpuTop = (value >> 11) & 7;
        s->FpuStatus = (ushort)(value & ~0x3800);
    }

    /// <summary>Sets the control word; reserved bits read as the processor gives them.</summary>
    public static void SetControl(CpuState* s, ushort value) => s->FpuControl = FxImage.ControlOf(value);

    /// <summary>The state after FNINIT; register contents stay.</summary>
    public static void Initialize(CpuState* s)
    {
        s->FpuControl = InitialControl;
        s->FpuStatus = 0;
        s->FpuTop = 0;
        s->FpuInUse = 0;
        X87.ForgetLast(s);
    }

    private static bool EmitInit(ref OpBuilder b)
    {
        b.Op->Run = &Init;
        return true;
    }

    private static bool EmitClear(ref OpBuilder b)
    {
        b.Op->Run = &Clear;
        return true;
    }

    private static bool EmitLoadControl(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &LoadControl;
        return true;
    }

    private static bool EmitStoreControl(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &StoreControl;
        return true;
    }

    private static bool EmitStoreStatus(ref OpBuilder b)
    {
        if (b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Run = &StoreStatus;
            return true;
        }

        b.Op->Run = &StatusToAx;
        return true;
    }

    private static bool EmitFree(ref OpBuilder b)
    {
        b.Op->Dst = (byte)b.Instruction.Op0Register.GetNumber();
        b.Op->Immediate = b.Instruction.Mnemonic == Mnemonic.Ffreep ? 1UL : 0;
        b.Op->Run = &FreeRegister;
        return true;
    }

    private static bool EmitIncrement(ref OpBuilder b)
    {
        b.Op->Immediate = 1;
        b.Op->Run = &Rotate;
        return true;
    }

    private static bool EmitDecrement(ref OpBuilder b)
    {
        b.Op->Immediate = 7;
        b.Op->Run = &Rotate;
        return true;
    }

    private static bool EmitWait(ref OpBuilder b)
    {
        b.Op->Run = &Wait;
        return true;
    }

    private static bool EmitNop(ref OpBuilder b)
    {
        b.Op->Run = &Nop;
        return true;
    }

    private static bool EmitNothing(ref OpBuilder b)
    {
        b.Op->Run = &Nothing;
        return true;
    }

    private static Op* Nothing(Vcpu vcpu, CpuState* s, Op* op) => op + 1;

    private static Op* Wait(Vcpu vcpu, CpuState* s, Op* op) => X87.TryBeginControl(vcpu, s, op) ? op + 1 : null;

    private static Op* Nop(Vcpu vcpu, CpuState* s, Op* op) => X87.TryBegin(vcpu, s, op) ? op + 1 : null;

    private static Op* Init(Vcpu vcpu, CpuState* s, Op* op)
    {
        Initialize(s);
        return op + 1;
    }

    private static Op* Clear(Vcpu vcpu, CpuState* s, Op* op)
    {
        s->FpuStatus &= X87.C0 | X87.C1 | X87.C2 | X87.C3;
        return op + 1;
    }

    private static Op* LoadControl(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBeginControl(vcpu, s, op))
        {
            return null;
        }

        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        SetControl(s, *(ushort*)from);
        X87.Recheck(s);
        return op + 1;
    }

    private static Op* StoreControl(Vcpu vcpu, CpuState* s, Op* op) => StoreWord(vcpu, s, op, s->FpuControl);

    private static Op* StoreStatus(Vcpu vcpu, CpuState* s, Op* op) => StoreWord(vcpu, s, op, Status(s));

    private static Op* StoreWord(Vcpu vcpu, CpuState* s, Op* op, ushort value)
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 2);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *(ushort*)to = value;
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* StatusToAx(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ushort*)s->Slots = Status(s);
        return op + 1;
    }

    private static Op* FreeRegister(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        X87.Free(s, op->Dst);
        X87.Pop(s, op->Immediate);
        s->FpuStatus &= unchecked((ushort)~X87.C1);
        return op + 1;
    }

    private static Op* Rotate(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        s->FpuStatus &= unchecked((ushort)~X87.C1);
        s->FpuTop = (s->FpuTop + (int)op->Immediate) & 7;
        return op + 1;
    }
}
