using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>CPUID, RDTSC, RDTSCP and RDPID.</summary>
/// <remarks>
/// The time-stamp counter counts what the machine calls time, never the host's. Source: [SDM2 "CPUID", "RDTSC", "RDTSCP", "RDPID"].
/// </remarks>
internal static unsafe class Identity
{
    private const ulong TimeStampDisable = 1 << 2;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cpuid, EmitCpuid),
        new(Mnemonic.Rdtsc, EmitTime),
        new(Mnemonic.Rdtscp, EmitTimeAndCore),
        new(Mnemonic.Rdpid, EmitCore),
    ];

    private static bool EmitCpuid(ref OpBuilder b)
    {
        b.Op->Run = &Cpuid;
        return true;
    }

    private static bool EmitTime(ref OpBuilder b)
    {
        b.Op->Run = &Time;
        return true;
    }

    private static bool EmitTimeAndCore(ref OpBuilder b)
    {
        b.Op->Run = &TimeAndCore;
        return true;
    }

    private static bool EmitCore(ref OpBuilder b)
    {
        b.Op->Dst = b.RegisterAt(0);
        b.Op->Run = &ReadCore;
        return true;
    }

    private static Op* Cpuid(Vcpu vcpu, CpuState* s, Op* op)
    {
        (uint number, uint part) = ((uint)s->Slots[Gpr.Rax], (uint)s->Slots[Gpr.Rcx]);
        CpuidLeaf leaf = vcpu.Cpuid(number, part);
        s->Slots[Gpr.Rax] = leaf.Eax;
        s->Slots[Gpr.Rbx] = leaf.Ebx;
        s->Slots[Gpr.Rcx] = leaf.Ecx;
        s->Slots[Gpr.Rdx] = leaf.Edx;
        return op + 1;
    }

    private static Op* Time(Vcpu vcpu, CpuState* s, Op* op)
    {
        if ((vcpu.Control.Cr4 & TimeStampDisable) != 0 && vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ulong now = vcpu.TimeAt(op) + vcpu.Control.TscOffset;
        s->Slots[Gpr.Rax] = (uint)now;
        s->Slots[Gpr.Rdx] = now >> 32;
        return op + 1;
    }

    private static Op* TimeAndCore(Vcpu vcpu, CpuState* s, Op* op)
    {
        Op* next = Time(vcpu, s, op);
        if (next is not null)
        {
            s->Slots[Gpr.Rcx] = vcpu.Control.TscAux;
        }

        return next;
    }

    private static Op* ReadCore(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ulong*)Operands.Dst(s, op) = vcpu.Control.TscAux;
        return op + 1;
    }
}
