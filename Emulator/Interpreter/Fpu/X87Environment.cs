using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FNSTENV, FLDENV, FNSAVE, FRSTOR in the 28- and 14-byte layouts.</summary>
/// <remarks>
/// <code>
///  28 bytes:  0 FCW   4 FSW   8 FTW   12 FIP, its low 32 bits   16 FCS   18 FOP   20 FDP   24 FDS   high halves of the others ones
///  14 bytes:  0 FCW   2 FSW   4 FTW    6 FIP, its low 16 bits    8 FCS            10 FDP   12 FDS
/// </code>
/// The full tag word has two bits per physical register: 0 valid, 1 zero, 2 special, 3 empty; loading looks
/// only at which are empty.
/// Source: [SDM1 "x87 FPU State Image in Protected Mode"; SDM2 "FSTENV/FNSTENV", "FSAVE/FNSAVE"].
/// </remarks>
internal static unsafe class X87Environment
{
    private const int LongBytes = 28;
    private const int ShortBytes = 14;
    private const int RegistersBytes = 80;
    private const uint Ones = 0xFFFF_0000;
    private const uint OpcodeBits = 0x7FF;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fnstenv, EmitStore),
        new(Mnemonic.Fldenv, EmitLoad),
        new(Mnemonic.Fnsave, EmitSave),
        new(Mnemonic.Frstor, EmitRestore),
    ];

    private static bool EmitStore(ref OpBuilder b) =>
        Emit(ref b, b.Instruction.Code == Code.Fnstenv_m14byte ? ShortBytes : LongBytes, &Store);

    private static bool EmitLoad(ref OpBuilder b) =>
        Emit(ref b, b.Instruction.Code == Code.Fldenv_m14byte ? ShortBytes : LongBytes, &Load);

    private static bool EmitSave(ref OpBuilder b) =>
        Emit(ref b, b.Instruction.Code == Code.Fnsave_m94byte ? ShortBytes : LongBytes, &Save);

    private static bool EmitRestore(ref OpBuilder b) =>
        Emit(ref b, b.Instruction.Code == Code.Frstor_m94byte ? ShortBytes : LongBytes, &Restore);

    private static bool Emit(ref OpBuilder b, int environmentBytes, Handler handler)
    {
        b.TakeAddress();
        b.Op->Dst = (byte)environmentBytes;
        b.Op->Run = handler;
        return true;
    }

    /// <summary>Stores the environment and masks all exceptions.</summary>
    private static Op* Store(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = LargeOperands.Open(vcpu, s, op, op->Dst, First(op));
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        Write(vcpu, s, to, op->Dst);
        vcpu.Commit(s);
        s->FpuControl |= (ushort)FpFlags.All;
        X87.Recheck(s);
        return op + 1;
    }

    private static Op* Load(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBeginControl(vcpu, s, op))
        {
            return null;
        }

        byte* from = LargeOperands.Read(vcpu, s, op, op->Dst, First(op));
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Take(s, from, op->Dst);
        return op + 1;
    }

    private static Op* Save(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = LargeOperands.Open(vcpu, s, op, op->Dst + RegistersBytes, First(op));
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        Write(vcpu, s, to, op->Dst);
        for (int i = 0; i < 8; i++)
        {
            new ReadOnlySpan<byte>(X87.At(s, i), 10).CopyTo(new Span<byte>(to + op->Dst + (10 * i), 10));
        }

        vcpu.Commit(s);
        X87Control.Initialize(s);
        return op + 1;
    }

    private static Op* Restore(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBeginControl(vcpu, s, op))
        {
            return null;
        }

        byte* from = LargeOperands.Read(vcpu, s, op, op->Dst + RegistersBytes, First(op));
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Take(s, from, op->Dst);
        for (int i = 0; i < 8; i++)
        {
            new ReadOnlySpan<byte>(from + op->Dst + (10 * i), 10).CopyTo(new Span<byte>(X87.At(s, i), 10));
        }

        return op + 1;
    }

    /// <summary>The control word, of four or two bytes, is asked for before anything else.</summary>
    private static AskedFirst First(Op* op) => new(0, op->Dst == LongBytes ? 4 : 2);

    private static void Write(Vcpu vcpu, CpuState* s, byte* to, int bytes)
    {
        FpuLast last = FpuPointers.Shown(s, FxRules.Of(vcpu.Model));
        ushort* words = (ushort*)to;
        if (bytes == ShortBytes)
        {
            (words[0], words[1], words[2]) = (s->FpuControl, X87Control.Status(s), FullTags(s));
            (words[3], words[4], words[5], words[6]) = ((ushort)last.Ip, last.Cs, (ushort)last.Dp, last.Ds);
            return;
        }

        uint* doubles = (uint*)to;
        (doubles[0], doubles[1], doubles[2]) = (Ones | s->FpuControl, Ones | X87Control.Status(s), Ones | FullTags(s));
        (doubles[3], doubles[4]) = ((uint)last.Ip, last.Cs | ((uint)last.Opcode << 16));
        (doubles[5], doubles[6]) = ((uint)last.Dp, Ones | last.Ds);
    }

    private static void Take(CpuState* s, byte* from, int bytes)
    {
        ushort* words = (ushort*)from;
        int step = bytes == LongBytes ? 2 : 1;
        X87Control.SetControl(s, words[0]);
        X87Control.SetStatus(s, words[step]);
        s->FpuInUse = 0;
        for (int i = 0; i < 8; i++)
        {
            s->FpuInUse |= ((words[2 * step] >> (2 * i)) & 3) == 3 ? 0U : 1U << i;
        }

        FpuPointers.Set(s, bytes == LongBytes
            ? new FpuLast(*(uint*)(from + 12), *(uint*)(from + 20), (ushort)(words[9] & OpcodeBits), words[8], words[12])
            : new FpuLast(words[3], words[5], 0, words[4], words[6]));
        X87.Recheck(s);
    }

    private static ushort FullTags(CpuState* s)
    {
        int tags = 0;
        for (int i = 0; i < 8; i++)
        {
            FpNumber value = FpExtended.Load(s->Fpu + (i * 16));
            int tag = (s->FpuInUse >> i & 1) == 0 ? 3
                : value.Kind == FpKind.Zero ? 1
                : value.Kind == FpKind.Finite && !value.Denormal ? 0
                : 2;
            tags |= tag << (2 * i);
        }

        return (ushort)tags;
    }
}
