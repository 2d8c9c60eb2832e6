using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Integer;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>The stack as far transfers use it: several words, checked together before any of them moves.</summary>
internal static unsafe class FarStack
{
    /// <summary>The words on top of the stack; null when the exit says why not.</summary>
    public static byte* Peek<TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong offset, int words)
        where TWidth : struct, IWidth
    {
        ulong at = s->Slots[Gpr.Rsp] + offset;
        if (IsMisaligned<TWidth>(vcpu, op, at))
        {
            return null;
        }

        byte* from = Probe.ReadAnywhere(vcpu, s, at, words * TWidth.Bytes);
        if (from is null)
        {
            Stack.Fault(vcpu, op);
        }

        return from;
    }

    /// <summary>Pushes two words, <paramref name="first"/> above <paramref name="second"/>; false when the exit says why not.</summary>
    public static bool TryPush<TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong first, ulong second)
        where TWidth : struct, IWidth
    {
        ulong at = s->Slots[Gpr.Rsp] - (2 * (ulong)TWidth.Bytes);
        if (IsMisaligned<TWidth>(vcpu, op, at))
        {
            return false;
        }

        byte* to = Probe.OpenAnywhere(vcpu, s, at, 2 * TWidth.Bytes);
        if (to is null)
        {
            Stack.Fault(vcpu, op);
            return false;
        }

        TWidth.Write(to + TWidth.Bytes, first);
        TWidth.Write(to, second);
        vcpu.Commit(s);
        s->Slots[Gpr.Rsp] = at;
        return true;
    }

    private static bool IsMisaligned<TWidth>(Vcpu vcpu, Op* op, ulong at)
        where TWidth : struct, IWidth
    {
        bool misaligned = vcpu.Data.ChecksAlignment && (at & ((ulong)TWidth.Bytes - 1)) != 0;
        if (misaligned)
        {
            vcpu.Raise(op, ExceptionVector.AC);
        }

        return misaligned;
    }
}
