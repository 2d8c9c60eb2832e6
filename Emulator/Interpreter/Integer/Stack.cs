using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>PUSH and POP of 2 and 8 bytes; RSP moves only after every access has passed.</summary>
/// <remarks>Source: [SDM2 "PUSH", "POP"].</remarks>
internal static unsafe class Stack
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Push, EmitPush),
        new(Mnemonic.Pop, EmitPop),
    ];

    /// <summary>Pushes 8 bytes; false leaves RSP and memory as they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPush(Vcpu vcpu, CpuState* s, ulong value) => TryPush<W64>(vcpu, s, value);

    /// <summary>Pushes 2 or 8 bytes; false leaves RSP and memory as they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPush<TWidth>(Vcpu vcpu, CpuState* s, ulong value)
        where TWidth : struct, IWidth
    {
        ulong rsp = s->Slots[Gpr.Rsp] - (ulong)TWidth.Bytes;
        byte* to = vcpu.OpenStore(s, rsp, TWidth.Bytes);
        if (to is null)
        {
            return false;
        }

        TWidth.Write(to, value);
        s->Slots[Gpr.Rsp] = rsp;
        vcpu.Commit(s);
        return true;
    }

    /// <summary>Pushes where the look-aside knows the page; false has done nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPushHit<TWidth>(CpuState* s, ulong value)
        where TWidth : struct, IWidth
    {
        ulong rsp = *((ulong*)s + Gpr.Rsp) - (ulong)TWidth.Bytes;
        if (!Probe.TryWrite(s, rsp, TWidth.Bytes, out byte* to))
        {
            return false;
        }

        TWidth.Write(to, value);
        *((ulong*)s + Gpr.Rsp) = rsp;
        return true;
    }

    /// <summary>Leaves the block because an access through RSP or RBP was refused: a non-canonical address is #SS here.</summary>
    public static Op* Fault(Vcpu vcpu, Op* op)
    {
        vcpu.Fault(op);
        if (vcpu.Exit.Kind == CoreExitKind.Exception && vcpu.Data.NonCanonical)
        {
            vcpu.Exit.Vector = ExceptionVector.SS;
        }

        return null;
    }

    private static bool EmitPush(ref OpBuilder b)
    {
        bool wide = b.Instruction.StackPointerIncrement == -8;
        if (b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Run = wide ? &PushMemory<W64> : &PushMemory<W16>;
            return true;
        }

        if (!b.IsRegister(0))
        {
            b.Op->Immediate = b.Instruction.GetImmediate(0);
            b.Op->Run = wide ? &PushImmediate<W64> : &PushImmediate<W16>;
            return true;
        }

        if (!b.Instruction.Op0Register.IsGPR())
        {
            return false;
        }

        b.Op->Src = b.RegisterAt(0);
        b.Op->Run = wide ? &PushRegister<W64> : &PushRegister<W16>;
        return true;
    }

    private static bool EmitPop(ref OpBuilder b)
    {
        int bytes = b.Instruction.StackPointerIncrement;
        if (b.IsMemory(0))
        {
            b.StackBias = bytes;
            b.TakeAddress();
            b.Op->Run = bytes == 8 ? &PopMemory<W64> : &PopMemory<W16>;
            return true;
        }

        if (!b.Instruction.Op0Register.IsGPR())
        {
            return false;
        }

        b.Op->Dst = b.RegisterAt(0);
        b.Op->Run = bytes == 8 ? &PopRegister<W64> : &PopRegister<W16>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PushRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth => Push<TWidth>(vcpu, s, op, TWidth.Read(Operands.Src(s, op)));

    private static Op* PushImmediate<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth => Push<TWidth>(vcpu, s, op, op->Immediate);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Push<TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong value)
        where TWidth : struct, IWidth =>
        TryPushHit<TWidth>(s, value) ? op + 1 : PushMiss<TWidth>(vcpu, s, op, value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* PushMiss<TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong value)
        where TWidth : struct, IWidth => TryPush<TWidth>(vcpu, s, value) ? op + 1 : Fault(vcpu, op);

    private static Op* PushMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        return TryPush<TWidth>(vcpu, s, TWidth.Read(from)) ? op + 1 : Fault(vcpu, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PopRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        ulong* rsp = (ulong*)s + Gpr.Rsp;
        if (!Probe.TryRead(s, *rsp, TWidth.Bytes, out byte* from))
        {
            return PopMiss<TWidth>(vcpu, s, op);
        }

        *rsp += (ulong)TWidth.Bytes;
        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read(from));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* PopMiss<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, s->Slots[Gpr.Rsp], TWidth.Bytes);
        if (from is null)
        {
            return Fault(vcpu, op);
        }

        s->Slots[Gpr.Rsp] += (ulong)TWidth.Bytes;
        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read(from));
        return op + 1;
    }

    private static Op* PopMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, s->Slots[Gpr.Rsp], TWidth.Bytes);
        if (from is null)
        {
            return Fault(vcpu, op);
        }

        ulong value = TWidth.Read(from);
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, value);
        s->Slots[Gpr.Rsp] += (ulong)TWidth.Bytes;
        vcpu.Commit(s);
        return op + 1;
    }
}
