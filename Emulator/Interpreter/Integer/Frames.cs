using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>ENTER and LEAVE.</summary>
/// <remarks>
/// ENTER reads its display and opens its whole frame before it writes a byte, and checks that the final stack top can be written.
/// Source: [SDM2 "ENTER", "LEAVE"].
/// </remarks>
internal static unsafe class Frames
{
    private const int Rsp = 4;
    private const int Rbp = 5;
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
        (int level, int width) = (op->Src, TWidth.Bytes);
        if (vcpu.OpenStore(s, s->Slots[Rsp] - (ulong)width, width) is null)
        {
            return Stack.Fault(vcpu, op);
        }

        s->PendingStore = 0;
        int entries = level + 1;
        byte* frame = stackalloc byte[(DeepestLevel + 1) * 8];
        ulong frameTop = s->Slots[Rsp] - (ulong)width;
        TWidth.Write(frame + ((entries - 1) * width), TWidth.Read((byte*)(s->Slots + Rbp)));
        if (level > 0)
        {
            int display = (level - 1) * width;
            byte* from = display == 0 ? frame : Probe.ReadAnywhere(vcpu, s, s->Slots[Rbp] - (ulong)display, display);
            if (from is null)
            {
                return Stack.Fault(vcpu, op);
            }

            Buffer.MemoryCopy(from, frame + width, display, display);
            TWidth.Write(frame, frameTop);
        }

        int bytes = entries * width;
        ulong bottom = s->Slots[Rsp] - (ulong)bytes;
        bool topIsWritable = vcpu.OpenStore(s, bottom - op->Immediate, width) is not null;
        s->PendingStore = 0;
        byte* to = topIsWritable ? Probe.OpenAnywhere(vcpu, s, bottom, bytes) : null;
        if (to is null)
        {
            return Stack.Fault(vcpu, op);
        }

        Buffer.MemoryCopy(frame, to, bytes, bytes);
        TWidth.WriteRegister((byte*)(s->Slots + Rbp), frameTop);
        s->Slots[Rsp] = bottom - op->Immediate;
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* Leave<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        ulong frame = s->Slots[Rbp];
        byte* from = vcpu.Read(s, frame, TWidth.Bytes);
        if (from is null)
        {
            return Stack.Fault(vcpu, op);
        }

        s->Slots[Rsp] = frame + (ulong)TWidth.Bytes;
        TWidth.WriteRegister((byte*)(s->Slots + Rbp), TWidth.Read(from));
        return op + 1;
    }
}
