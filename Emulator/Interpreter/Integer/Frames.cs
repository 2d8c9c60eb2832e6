using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>ENTER and LEAVE.</summary>
/// <remarks>
/// ENTER pushes step by step, and checks last that the final stack top can be written: a fault in the middle leaves the steps before it
/// in memory, and all registers as they were. So do both makers' processors. Source: [SDM2 "ENTER", "LEAVE"].
/// </remarks>
internal static unsafe class Frames
{
    private const int DeepestLevel = 31;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Enter, EmitEnter),
        new(Mnemonic.Leave, EmitLeave),
    ];

    private static bool EmitEnter(ref OpBuilder b)
    {
        b.Op->Immediate = b.Instruction.Immediate16;
        b.Op->Src = (byte)(b.Instruction.Immediate8_2nd & DeepestLevel);
        b.Op->Run = b.Instruction.Code == Code.Enterw_imm16_imm8 ? &Enter<W16> : &Enter<W64>;
        return true;
    }

    private static bool EmitLeave(ref OpBuilder b)
    {
        b.Op->Run = b.Instruction.Code == Code.Leavew ? &Leave<W16> : &Leave<W64>;
        return true;
    }

    private static Op* Enter<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        (int level, ulong width) = (op->Src, (ulong)TWidth.Bytes);
        ulong frame = s->Slots[Gpr.Rsp] - width;
        ulong bottom = frame - ((ulong)level * width);
        bool pushed = TryPush<TWidth>(vcpu, s, frame, TWidth.Read((byte*)(s->Slots + Gpr.Rbp)))
            && TryPushDisplay<TWidth>(vcpu, s, frame, level)
            && (level == 0 || TryPush<TWidth>(vcpu, s, bottom, frame));
        if (!pushed || vcpu.OpenStore(s, bottom - op->Immediate, TWidth.Bytes) is null)
        {
            return Stack.Fault(vcpu, op);
        }

        s->PendingStore = 0;
        TWidth.WriteRegister((byte*)(s->Slots + Gpr.Rbp), frame);
        s->Slots[Gpr.Rsp] = bottom - op->Immediate;
        return op + 1;
    }

    /// <summary>Copies the frame pointers of the enclosing procedures below <paramref name="frame"/>, one after the other.</summary>
    private static bool TryPushDisplay<TWidth>(Vcpu vcpu, CpuState* s, ulong frame, int level)
        where TWidth : struct, IWidth
    {
        for (int i = 1; i < level; i++)
        {
            ulong below = (ulong)(i * TWidth.Bytes);
            byte* from = vcpu.Read(s, s->Slots[Gpr.Rbp] - below, TWidth.Bytes);
            if (from is null || !TryPush<TWidth>(vcpu, s, frame - below, TWidth.Read(from)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryPush<TWidth>(Vcpu vcpu, CpuState* s, ulong at, ulong value)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, at, TWidth.Bytes);
        if (to is null)
        {
            return false;
        }

        TWidth.Write(to, value);
        vcpu.Commit(s);
        return true;
    }

    private static Op* Leave<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        ulong frame = s->Slots[Gpr.Rbp];
        byte* from = vcpu.Read(s, frame, TWidth.Bytes);
        if (from is null)
        {
            return Stack.Fault(vcpu, op);
        }

        s->Slots[Gpr.Rsp] = frame + (ulong)TWidth.Bytes;
        TWidth.WriteRegister((byte*)(s->Slots + Gpr.Rbp), TWidth.Read(from));
        return op + 1;
    }
}
