using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>CMPS and SCAS with and without REPE and REPNE.</summary>
/// <remarks>
/// The flags are those of the last comparison; whether a fault in the middle shows them, or those of before the instruction, is a habit,
/// and so is which operand of CMPS is read first.
/// Source: [SDM2 "CMPS", "SCAS"].
/// </remarks>
internal static unsafe class StringScans
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cmpsb, EmitCompare<W8>),
        new(Mnemonic.Cmpsw, EmitCompare<W16>),
        new(Mnemonic.Cmpsd, EmitCompare<W32>),
        new(Mnemonic.Cmpsq, EmitCompare<W64>),
        new(Mnemonic.Scasb, EmitScan<W8>),
        new(Mnemonic.Scasw, EmitScan<W16>),
        new(Mnemonic.Scasd, EmitScan<W32>),
        new(Mnemonic.Scasq, EmitScan<W64>),
    ];

    private static StringRepeat RepeatOf(in OpBuilder b) =>
        b.Instruction.HasRepnePrefix ? StringRepeat.WhileNotEqual
        : b.Instruction.HasRepePrefix ? StringRepeat.WhileEqual
        : StringRepeat.None;

    private static bool EmitCompare<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (!b.Instruction.IsStringInstruction)
        {
            return false;
        }

        TakeRun(ref b);
        bool bytes = TWidth.Bytes == 1 && RepeatOf(b) == StringRepeat.WhileEqual;
        b.Op->Run = b.Model.Has(CpuHabits.ComparesTargetFirst) && !bytes ? &Compare<TWidth, TargetFirst> : &Compare<TWidth, SourceFirst>;
        return true;
    }

    private static bool EmitScan<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        TakeRun(ref b);
        b.Op->Run = &Scan<TWidth>;
        return true;
    }

    private static void TakeRun(ref OpBuilder b)
    {
        StringRun.Take(ref b, RepeatOf(b));
        b.Op->Dst = b.Model.Has(CpuHabits.FaultRestoresComparedFlags) ? (byte)1 : (byte)0;
    }

    /// <summary>True when the repeat prefix lets the run go on behind this comparison.</summary>
    private static bool GoesOn(Op* op, bool equal) => equal == ((StringRepeat)op->Scale == StringRepeat.WhileEqual);

    private static Op* Compare<TWidth, TOrder>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
        where TOrder : struct, IOrder
    {
        StringRun run = new(vcpu, s, op, TWidth.Bytes);
        (bool compared, bool stopped, ulong a, ulong b) = (false, false, 0, 0);
        while (run.Left != 0 && !stopped && !run.IsLong)
        {
            int steps = run.Together(usesSource: true, usesTarget: true);
            byte* early = vcpu.Read(s, TOrder.TargetIsFirst ? run.Target : run.Source, steps * TWidth.Bytes);
            steps = early is not null && vcpu.Data.IsCopy(early) ? 1 : steps;
            ulong kept = early is null ? 0 : TWidth.Read(early);
            byte* late = early is null ? null : vcpu.Read(s, TOrder.TargetIsFirst ? run.Source : run.Target, steps * TWidth.Bytes);
            if (late is null)
            {
                run.Store(usesSource: true, usesTarget: true);
                return Fault<TWidth>(vcpu, s, op, new Comparison(compared, stopped, a, b));
            }

            byte* first = TOrder.TargetIsFirst ? late : early;
            byte* second = TOrder.TargetIsFirst ? early : late;
            (int done, compared) = (1, true);
            (a, b) = TOrder.TargetIsFirst ? (TWidth.Read(late), kept) : (kept, TWidth.Read(late));
            stopped = !GoesOn(op, a == b);
            while (!stopped && done < steps)
            {
                a = TWidth.Read(first + (done * TWidth.Bytes));
                b = TWidth.Read(second + (done * TWidth.Bytes));
                stopped = !GoesOn(op, a == b);
                done++;
            }

            run.Advance(done, usesSource: true, usesTarget: true);
        }

        run.Store(usesSource: true, usesTarget: true);
        return Finish<TWidth>(s, op, ref run, new Comparison(compared, stopped, a, b));
    }

    private static Op* Scan<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        StringRun run = new(vcpu, s, op, TWidth.Bytes);
        ulong wanted = TWidth.Read((byte*)s->Slots);
        (bool compared, bool stopped, ulong found) = (false, false, 0);
        while (run.Left != 0 && !stopped && !run.IsLong)
        {
            int steps = run.Together(usesSource: false, usesTarget: true);
            byte* at = vcpu.Read(s, run.Target, steps * TWidth.Bytes);
            if (at is null)
            {
                run.Store(usesSource: false, usesTarget: true);
                return Fault<TWidth>(vcpu, s, op, new Comparison(compared, stopped, wanted, found));
            }

            int done = 0;
            while (!stopped && done < steps)
            {
                found = TWidth.Read(at + (done * TWidth.Bytes));
                stopped = !GoesOn(op, wanted == found);
                done++;
            }

            compared = true;
            run.Advance(done, usesSource: false, usesTarget: true);
        }

        run.Store(usesSource: false, usesTarget: true);
        return Finish<TWidth>(s, op, ref run, new Comparison(compared, stopped, wanted, found));
    }

    private static Op* Fault<TWidth>(Vcpu vcpu, CpuState* s, Op* op, in Comparison last)
        where TWidth : struct, IWidth
    {
        bool restores = op->Dst != 0;
        if (last.Done && !restores)
        {
            Sub.Apply<TWidth>(s, last.A, last.B);
        }

        return vcpu.Fault(op);
    }

    private static Op* Finish<TWidth>(CpuState* s, Op* op, ref StringRun run, in Comparison last)
        where TWidth : struct, IWidth
    {
        // Between two iterations the flags are those of a fault there.
        bool pauses = run.Left != 0 && !last.Stopped;
        if (last.Done && !(pauses && op->Dst != 0))
        {
            Sub.Apply<TWidth>(s, last.A, last.B);
        }

        return pauses ? run.Pause() : op + 1;
    }

    /// <summary>Which operand of CMPS is read first: of two that fault its fault is seen.</summary>
    private interface IOrder
    {
        static abstract bool TargetIsFirst { get; }
    }

    private readonly struct SourceFirst : IOrder
    {
        public static bool TargetIsFirst => false;
    }

    private readonly struct TargetFirst : IOrder
    {
        public static bool TargetIsFirst => true;
    }

    /// <summary>The last comparison: whether there was one, whether it ended the run, and of what.</summary>
    private readonly record struct Comparison(bool Done, bool Stopped, ulong A, ulong B);
}
