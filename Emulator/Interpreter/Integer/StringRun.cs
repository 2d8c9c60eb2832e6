using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>The registers of one string instruction while it runs, and how far it may go at once.</summary>
/// <remarks>
/// Steps that lie within one page are done together; a step that crosses a page is done alone. After a fault the registers
/// show the steps that were done, and RIP stays. Source: [SDM2 "REP/REPE/REPZ/REPNE/REPNZ"].
/// </remarks>
internal unsafe ref struct StringRun
{
    private const int MostRounds = 1 << 18;

    private readonly Vcpu _vcpu;
    private readonly CpuState* _state;
    private readonly Op* _op;
    private readonly ulong _mask;
    private readonly ulong _segment;
    private readonly int _bytes;
    private readonly bool _traced;
    private int _rounds;
    private bool _moved;
    private ulong _source;
    private ulong _target;

    /// <summary>Takes the registers; <paramref name="bytes"/> is the width of a step.</summary>
    public StringRun(Vcpu vcpu, CpuState* s, Op* op, int bytes)
    {
        _vcpu = vcpu;
        _state = s;
        _op = op;
        _bytes = bytes;
        _mask = op->Immediate;
        _segment = *(ulong*)((byte*)s + op->Segment);
        _source = s->Slots[Gpr.Rsi] & _mask;
        _target = s->Slots[Gpr.Rdi] & _mask;
        Repeats = (StringRepeat)op->Scale != StringRepeat.None;
        Left = Repeats ? s->Slots[Gpr.Rcx] & _mask : 1;
        Forward = (s->Rflags & Rflags.DF) == 0;
        _traced = (s->Rflags & Rflags.TF) != 0;
    }

    /// <summary>Steps that are left.</summary>
    public ulong Left { get; private set; }

    /// <summary>A repeat prefix is there: RCX counts.</summary>
    public bool Repeats { get; }

    /// <summary>Addresses rise.</summary>
    public bool Forward { get; }

    /// <summary>Address of the next source element.</summary>
    public readonly ulong Source => _source + _segment;

    /// <summary>Address of the next target element.</summary>
    public readonly ulong Target => _target;

    /// <summary>The address size, the source segment and the repeat prefix of a string instruction, put into <see cref="Op"/>.</summary>
    public static void Take(ref OpBuilder b, StringRepeat repeat)
    {
        bool narrow = false;
        for (int i = 0; i < b.Instruction.OpCount; i++)
        {
            narrow |= b.Instruction.GetOpKind(i) is OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemoryESEDI;
        }

        b.Op->Immediate = narrow ? uint.MaxValue : ulong.MaxValue;
        b.Op->Scale = (byte)repeat;
        b.Op->Segment = OpBuilder.SegmentSlotOf(b.Instruction.MemorySegment);
    }

    /// <summary>Steps that can be done together: 1 unless source and target of all of them stay within their pages.</summary>
    public readonly int Together(bool usesSource, bool usesTarget)
    {
        if (!Forward || _traced || _mask != ulong.MaxValue || !_vcpu.Pages.Enabled)
        {
            return 1;
        }

        ulong most = Left;
        if (usesSource)
        {
            most = Math.Min(most, (4096 - (Source & 0xFFF)) / (ulong)_bytes);
        }

        if (usesTarget)
        {
            most = Math.Min(most, (4096 - (Target & 0xFFF)) / (ulong)_bytes);
        }

        return Math.Max((int)most, 1);
    }

    /// <summary>Counts <paramref name="steps"/> steps as done.</summary>
    public void Advance(int steps, bool usesSource, bool usesTarget)
    {
        ulong distance = (ulong)(Forward ? (long)steps * _bytes : -(long)steps * _bytes);
        _source = usesSource ? (_source + distance) & _mask : _source;
        _target = usesTarget ? (_target + distance) & _mask : _target;
        Left -= (ulong)steps;
        _moved |= steps > 0;
        _rounds++;
    }

    /// <summary>True when the runner should get a say: after many rounds, and behind each iteration that a debug exception follows.</summary>
    public readonly bool IsLong => Left != 0 && _rounds != 0 && (_rounds >= MostRounds || _traced || _vcpu.Debug.Hits != 0);

    /// <summary>Puts the registers back; those that the instruction does not use stay whole, and without a step all of them.</summary>
    public readonly void Store(bool usesSource, bool usesTarget)
    {
        if (!_moved)
        {
            return;
        }

        if (usesSource)
        {
            _state->Slots[Gpr.Rsi] = _source;
        }

        if (usesTarget)
        {
            _state->Slots[Gpr.Rdi] = _target;
        }

        if (Repeats)
        {
            _state->Slots[Gpr.Rcx] = Left;
        }
    }

    /// <summary>Leaves in the middle, as an interrupt would: RIP stays, and the instruction has not retired.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Op* Pause()
    {
        _vcpu.Rewind(_op);
        _vcpu.Exit.Kind = CoreExitKind.BudgetSpent;
        return null;
    }
}

/// <summary>The repeat prefix of a string instruction.</summary>
internal enum StringRepeat : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>REP, or for comparisons REPE: while equal.</summary>
    WhileEqual,

    /// <summary>REPNE: while not equal.</summary>
    WhileNotEqual,
}
