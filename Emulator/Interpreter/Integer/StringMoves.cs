using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>MOVS, STOS and LODS with and without REP.</summary>
/// <remarks>REPNE acts as REP. Source: [SDM2 "MOVS", "STOS", "LODS"].</remarks>
internal static unsafe class StringMoves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movsb, EmitMove<W8>),
        new(Mnemonic.Movsw, EmitMove<W16>),
        new(Mnemonic.Movsd, EmitMove<W32>),
        new(Mnemonic.Movsq, EmitMove<W64>),
        new(Mnemonic.Stosb, EmitStore<W8>),
        new(Mnemonic.Stosw, EmitStore<W16>),
        new(Mnemonic.Stosd, EmitStore<W32>),
        new(Mnemonic.Stosq, EmitStore<W64>),
        new(Mnemonic.Lodsb, EmitLoad<W8>),
        new(Mnemonic.Lodsw, EmitLoad<W16>),
        new(Mnemonic.Lodsd, EmitLoad<W32>),
        new(Mnemonic.Lodsq, EmitLoad<W64>),
    ];

    private static StringRepeat RepeatOf(in OpBuilder b) =>
        b.Instruction.HasRepPrefix || b.Instruction.HasRepnePrefix ? StringRepeat.WhileEqual : StringRepeat.None;

    private static bool EmitMove<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (!b.Instruction.IsStringInstruction)
        {
            return false;
        }

        StringRun.Take(ref b, RepeatOf(b));
        b.Op->Run = &Move<TWidth>;
        return true;
    }

    private static bool EmitStore<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        StringRun.Take(ref b, RepeatOf(b));
        b.Op->Run = &Store<TWidth>;
        return true;
    }

    private static bool EmitLoad<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        StringRun.Take(ref b, RepeatOf(b));
        b.Op->Run = &Load<TWidth>;
        return true;
    }

    private static Op* Move<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        StringRun run = new(vcpu, s, op, TWidth.Bytes);
        bool passed = true;
        while (passed && run.Left != 0 && !run.IsLong)
        {
            int steps = run.Together(usesSource: true, usesTarget: true);
            passed = TryMoveSteps<TWidth>(vcpu, s, run.Source, run.Target, ref steps);
            run.Advance(passed ? steps : 0, usesSource: true, usesTarget: true);
        }

        run.Store(usesSource: true, usesTarget: true);
        return !passed ? vcpu.Fault(op) : run.Left != 0 ? run.Pause() : op + 1;
    }

    /// <summary>Moves up to <paramref name="steps"/> elements; out: how many it was.</summary>
    private static bool TryMoveSteps<TWidth>(Vcpu vcpu, CpuState* s, ulong source, ulong target, ref int steps)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, source, steps * TWidth.Bytes);
        if (from is null)
        {
            return false;
        }

        if (vcpu.Data.IsCopy(from))
        {
            steps = 1;
        }

        ulong first = TWidth.Read(from);
        byte* to = vcpu.OpenStore(s, target, steps * TWidth.Bytes);
        if (to is null)
        {
            return false;
        }

        if (steps == 1)
        {
            TWidth.Write(to, first);
        }
        else
        {
            Copy<TWidth>(from, to, steps);
        }

        vcpu.Commit(s);
        return true;
    }

    private static void Copy<TWidth>(byte* from, byte* to, int steps)
        where TWidth : struct, IWidth
    {
        // A target just above its source repeats the first elements: each step reads what an earlier one wrote.
        if (to > from && to < from + (steps * TWidth.Bytes))
        {
            for (int i = 0; i < steps; i++)
            {
                TWidth.Write(to + (i * TWidth.Bytes), TWidth.Read(from + (i * TWidth.Bytes)));
            }

            return;
        }

        Buffer.MemoryCopy(from, to, steps * TWidth.Bytes, steps * TWidth.Bytes);
    }

    private static Op* Store<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        StringRun run = new(vcpu, s, op, TWidth.Bytes);
        ulong value = TWidth.Read((byte*)s->Slots);
        bool passed = true;
        while (passed && run.Left != 0 && !run.IsLong)
        {
            int steps = run.Together(usesSource: false, usesTarget: true);
            byte* to = vcpu.OpenStore(s, run.Target, steps * TWidth.Bytes);
            passed = to is not null;
            if (passed)
            {
                Fill<TWidth>(to, value, steps);
                vcpu.Commit(s);
            }

            run.Advance(passed ? steps : 0, usesSource: false, usesTarget: true);
        }

        run.Store(usesSource: false, usesTarget: true);
        return !passed ? vcpu.Fault(op) : run.Left != 0 ? run.Pause() : op + 1;
    }

    private static void Fill<TWidth>(byte* to, ulong value, int steps)
        where TWidth : struct, IWidth
    {
        if (TWidth.Bytes == 1)
        {
            new Span<byte>(to, steps).Fill((byte)value);
            return;
        }

        for (int i = 0; i < steps; i++)
        {
            TWidth.Write(to + (i * TWidth.Bytes), value);
        }
    }

    private static Op* Load<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        StringRun run = new(vcpu, s, op, TWidth.Bytes);
        bool passed = true;
        while (passed && run.Left != 0 && !run.IsLong)
        {
            int steps = run.Together(usesSource: true, usesTarget: false);
            byte* from = vcpu.Read(s, run.Source, steps * TWidth.Bytes);
            passed = from is not null;
            if (passed)
            {
                TWidth.WriteRegister((byte*)s->Slots, TWidth.Read(from + ((steps - 1) * TWidth.Bytes)));
            }

            run.Advance(passed ? steps : 0, usesSource: true, usesTarget: false);
        }

        run.Store(usesSource: true, usesTarget: false);
        return !passed ? vcpu.Fault(op) : run.Left != 0 ? run.Pause() : op + 1;
    }
}
