using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>The x87 register stack, its status and how an instruction begins and ends.</summary>
/// <remarks>
/// Order in every instruction: a pending unmasked exception is #MF; memory is read; the stack is checked; exceptions found before
/// computing end it when unmasked; then the destination is written and the stack popped. Address, opcode and operand of the last
/// instruction are kept for FNSTENV and kin; control instructions leave them alone. Source: [SDM1 Programming with the x87 FPU, "x87 FPU Execution Environment"].
/// </remarks>
internal static unsafe class X87
{
    /// <summary>Condition code 0.</summary>
    public const ushort C0 = 0x0100;

    /// <summary>Condition code 1: rounded up; with SF, overflow rather than underflow of the stack.</summary>
    public const ushort C1 = 0x0200;

    /// <summary>Condition code 2.</summary>
    public const ushort C2 = 0x0400;

    /// <summary>Condition code 3.</summary>
    public const ushort C3 = 0x4000;

    /// <summary>Stack fault.</summary>
    public const ushort SF = 0x0040;

    /// <summary>An unmasked exception is pending (ES), and its copy B.</summary>
    public const ushort Pending = 0x8080;

    private const int WrapExponent = 24576;

    /// <summary>Begins an instruction without a memory operand: false when an unmasked exception was pending and #MF has been raised.</summary>
    public static bool TryBegin(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!TryBeginControl(vcpu, s, op))
        {
            return false;
        }

        Note(vcpu, s, op);
        return true;
    }

    /// <summary>Likewise for an instruction that leaves the instruction pointer and opcode of the last one alone.</summary>
    public static bool TryBeginControl(Vcpu vcpu, CpuState* s, Op* op)
    {
        if ((s->FpuStatus & Pending) == 0)
        {
            return true;
        }

        vcpu.Raise(op, ExceptionVector.MF);
        return false;
    }

    /// <summary>Begins an instruction that reads memory.</summary>
    /// <returns>The operand; null when #MF or a fault has been raised.</returns>
    public static byte* Read(Vcpu vcpu, CpuState* s, Op* op, int bytes)
    {
        ulong address = Operands.Address(s, op);
        byte* from = TryBeginControl(vcpu, s, op) ? vcpu.Read(s, address, bytes) : null;
        return from is null ? Stop(vcpu, s, op) : Note(vcpu, s, op, from, address);
    }

    /// <summary>Begins an instruction that writes memory.</summary>
    /// <returns>The operand, to be written and committed; null when #MF or a fault has been raised.</returns>
    public static byte* Open(Vcpu vcpu, CpuState* s, Op* op, int bytes)
    {
        ulong address = Operands.Address(s, op);
        byte* to = TryBeginControl(vcpu, s, op) ? vcpu.OpenStore(s, address, bytes) : null;
        return to is null ? Stop(vcpu, s, op) : Note(vcpu, s, op, to, address);
    }

    /// <summary>Likewise; where <paramref name="stores"/> is false, an unmasked exception forbids to write, and a processor may leave memory alone.</summary>
    /// <returns>False when #MF or a fault has been raised.</returns>
    public static bool TryOpen<TBlocked>(Vcpu vcpu, CpuState* s, Op* op, int bytes, bool stores, out byte* to)
        where TBlocked : struct, IBlockedStore
    {
        if (stores || !TBlocked.IsNoAccess)
        {
            to = Open(vcpu, s, op, bytes);
            return to is not null;
        }

        to = null;
        ulong address = Operands.Address(s, op);
        bool begins = TryBeginControl(vcpu, s, op);
        if (begins)
        {
            Note(vcpu, s, op, null, address);
        }

        return begins;
    }

    /// <summary>No instruction has been executed, as FNINIT and FNSAVE leave it.</summary>
    public static void ForgetLast(CpuState* s) => FpuPointers.Set(s, default);

    /// <summary>The ten bytes of ST(<paramref name="i"/>).</summary>
    public static byte* At(CpuState* s, int i) => s->Fpu + (((s->FpuTop + i) & 7) * 16);

    /// <summary>True when ST(<paramref name="i"/>) is in use.</summary>
    public static bool InUse(CpuState* s, int i) => (s->FpuInUse >> ((s->FpuTop + i) & 7) & 1) != 0;

    /// <summary>ST(<paramref name="i"/>).</summary>
    public static FpNumber Get(CpuState* s, int i) => FpExtended.Load(At(s, i));

    /// <summary>Writes ST(<paramref name="i"/>), which is then in use.</summary>
    public static void Set(CpuState* s, int i, in FpNumber value)
    {
        FpExtended.Store(At(s, i), value);
        Mark(s, i);
    }

    /// <summary>Marks ST(<paramref name="i"/>) as in use.</summary>
    public static void Mark(CpuState* s, int i) => s->FpuInUse |= 1U << ((s->FpuTop + i) & 7);

    /// <summary>Marks ST(<paramref name="i"/>) as free.</summary>
    public static void Free(CpuState* s, int i) => s->FpuInUse &= ~(1U << ((s->FpuTop + i) & 7));

    /// <summary>Pops <paramref name="count"/> registers.</summary>
    public static void Pop(CpuState* s, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            Free(s, 0);
            s->FpuTop = (s->FpuTop + 1) & 7;
        }
    }

    /// <summary>Pushes a value; a stack overflow pushes the indefinite NaN instead, or nothing when IE is unmasked.</summary>
    public static void Push(CpuState* s, in FpNumber value)
    {
        if (!InUse(s, 7))
        {
            s->FpuStatus &= unchecked((ushort)~C1);
        }
        else if (!TryStackFault(s, C1))
        {
            return;
        }

        FpNumber pushed = InUse(s, 7) ? FpNumber.Indefinite : value;
        s->FpuTop = (s->FpuTop - 1) & 7;
        Set(s, 0, pushed);
    }

    /// <summary>Notes a stack underflow (<paramref name="c1"/> zero) or overflow (<see cref="C1"/>).</summary>
    /// <returns>True when IE is masked, so that the masked response is due.</returns>
    public static bool TryStackFault(CpuState* s, ushort c1)
    {
        s->FpuStatus = (ushort)((s->FpuStatus & ~C1) | c1 | SF | FpFlags.IE);
        if ((s->FpuControl & FpFlags.IE) != 0)
        {
            return true;
        }

        Raise(s);
        return false;
    }

    /// <summary>The rules that the control word asks for.</summary>
    public static FpContext Context(CpuState* s) => new()
    {
        Rounding = (FpRounding)((s->FpuControl >> 10) & 3),
        Masked = s->FpuControl & FpFlags.All,
        Wrap = WrapExponent,
    };

    /// <summary>Significand bits that precision control asks for, with the range of the 80-bit format.</summary>
    public static FpTarget Target(CpuState* s) => FpTarget.Extended with
    {
        Precision = ((s->FpuControl >> 8) & 3) switch
        {
            0 => 24,
            2 => 53,
            _ => 64,
        },
    };

    /// <summary>Notes the flags and C1.</summary>
    /// <returns>False when an exception found before computing is unmasked: nothing may be written.</returns>
    public static bool Report(CpuState* s, in FpContext c)
    {
        bool up = c.RoundedUp && (c.Reported & FpFlags.PE) != 0;
        s->FpuStatus = (ushort)((s->FpuStatus & ~C1) | (up ? C1 : 0) | (int)c.Reported);
        if (c.Unmasked != 0)
        {
            Raise(s);
        }

        return (c.Unmasked & FpFlags.BeforeComputing) == 0;
    }

    /// <summary>Sets or clears the pending bits after flags or masks were loaded.</summary>
    public static void Recheck(CpuState* s)
    {
        bool pending = (s->FpuStatus & ~s->FpuControl & FpFlags.All) != 0;
        s->FpuStatus = (ushort)((s->FpuStatus & ~Pending) | (pending ? Pending : 0));
    }

    /// <summary>When an operand is NaN or unsupported: the result and IE as due.</summary>
    /// <remarks>
    /// A quiet NaN wins over a signaling one; of two of a kind the greater significand, then the positive one.
    /// Source: [SDM1 "Rules for Handling NaNs"].
    /// </remarks>
    public static bool TryNan(in FpNumber a, in FpNumber b, ref FpContext c, out FpNumber nan)
    {
        if (a.Kind == FpKind.Unsupported || b.Kind == FpKind.Unsupported)
        {
            nan = FpArithmetic.Invalid(ref c);
            return true;
        }

        c.Flags |= a.Kind == FpKind.SignalingNan || b.Kind == FpKind.SignalingNan ? FpFlags.IE : 0;
        nan = (a.IsNan && b.IsNan ? Choose(a, b) : a.IsNan ? a : b).Quiet();
        return a.IsNan || b.IsNan;
    }

    /// <summary>An unmasked exception becomes pending; what it was of is kept, because some processors show nothing else.</summary>
    private static void Raise(CpuState* s)
    {
        s->FpuStatus |= Pending;
        (s->FpuRaisedOpcode, s->FpuRaisedDp) = (s->FpuOpcode, s->FpuDp);
    }

    private static void Note(Vcpu vcpu, CpuState* s, Op* op)
    {
        s->FpuIp = op->Rip;
        s->FpuOpcode = op->Count;
        s->FpuCs = vcpu.Control.Cs;
    }

    private static byte* Note(Vcpu vcpu, CpuState* s, Op* op, byte* operand, ulong address)
    {
        Note(vcpu, s, op);
        s->FpuDp = address - *(ulong*)((byte*)s + op->Segment);
        s->FpuDs = vcpu.Control.SelectorOf((int)SegmentOf(op));
        return operand;
    }

    private static SegmentNumber SegmentOf(Op* op) => op->Segment switch
    {
        CpuState.FsBaseSlot * 8 => SegmentNumber.Fs,
        CpuState.GsBaseSlot * 8 => SegmentNumber.Gs,
        _ => (op->Traits & OpTraits.StackSegment) != 0 ? SegmentNumber.Ss : SegmentNumber.Ds,
    };

    /// <summary>Null; what stopped the instruction is in the exit.</summary>
    private static byte* Stop(Vcpu vcpu, CpuState* s, Op* op)
    {
        if ((s->FpuStatus & Pending) == 0)
        {
            vcpu.Fault(op);
        }

        return null;
    }

    private static FpNumber Choose(in FpNumber a, in FpNumber b)
    {
        if (a.Kind != b.Kind)
        {
            return a.Kind == FpKind.QuietNan ? a : b;
        }

        return a.Significand != b.Significand ? (a.Significand > b.Significand ? a : b) : a.Negative ? b : a;
    }
}
