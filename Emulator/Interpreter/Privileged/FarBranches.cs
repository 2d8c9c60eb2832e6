using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>JMP and CALL through a far pointer in memory: to a code segment, or through a 64-bit call gate.</summary>
/// <remarks>
/// A call gate may lead inward: then the stack comes from the TSS, SS becomes null, and the old SS and RSP are kept above
/// the return address. Source: [SDM2 "JMP", "CALL"]; [SDM3 Protection, "IA-32e Mode Call Gates"].
/// </remarks>
internal static unsafe class FarBranches
{
    private const int TssRsp0 = 4;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Jmp, EmitJmp),
        new(Mnemonic.Call, EmitCall),
    ];

    /// <summary>A JMP through m16:16, m16:32 or m16:64.</summary>
    private static bool EmitJmp(ref OpBuilder b)
    {
        if (!b.Instruction.IsJmpFarIndirect)
        {
            return false;
        }

        b.TakeAddress();
        b.Op->Run = b.Instruction.Code switch
        {
            Code.Jmp_m1616 => &Jump<W16>,
            Code.Jmp_m1632 => &Jump<W32>,
            _ => &Jump<W64>,
        };
        return true;
    }

    /// <summary>A CALL through m16:16, m16:32 or m16:64.</summary>
    private static bool EmitCall(ref OpBuilder b)
    {
        if (!b.Instruction.IsCallFarIndirect)
        {
            return false;
        }

        b.TakeAddress();
        b.Op->Run = b.Instruction.Code switch
        {
            Code.Call_m1616 => &Call<W16, W16>,
            Code.Call_m1632 => &Call<W32, W32>,
            _ when b.Model.Has(CpuHabits.ShortFarPointers) => &Call<W32, W64>,
            _ => &Call<W64, W64>,
        };
        return true;
    }

    private static Op* Jump<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        if (!TryTarget<TWidth>(vcpu, s, op, out ulong rip, out ushort selector)
            || !CodeTargets.TryRead(vcpu, op, selector, out Descriptor descriptor))
        {
            return null;
        }

        if (descriptor.IsCallGate)
        {
            if (!TryGate(vcpu, op, ref selector, ref descriptor, out rip))
            {
                return null;
            }

            selector = (ushort)(selector & ~3);
        }

        return CodeTargets.MayBranch(vcpu, op, selector, descriptor) && CodeTargets.IsCanonical(vcpu, op, rip)
            ? Go(vcpu, op, rip, (ushort)((selector & ~3) | vcpu.Control.Cpl))
            : null;
    }

    private static Op* Call<TOffset, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TOffset : struct, IWidth
        where TWidth : struct, IWidth
    {
        if (!TryTarget<TOffset>(vcpu, s, op, out ulong rip, out ushort selector)
            || !CodeTargets.TryRead(vcpu, op, selector, out Descriptor descriptor))
        {
            return null;
        }

        if (descriptor.IsCallGate)
        {
            return TryGate(vcpu, op, ref selector, ref descriptor, out rip) ? CallThroughGate(vcpu, s, op, rip, selector, descriptor) : null;
        }

        return CodeTargets.MayBranch(vcpu, op, selector, descriptor)
            && CodeTargets.IsCanonical(vcpu, op, rip)
            && FarStack.TryPush<TWidth>(vcpu, s, op, vcpu.Control.Cs, op->NextRip)
            ? Go(vcpu, op, rip, (ushort)((selector & ~3) | vcpu.Control.Cpl))
            : null;
    }

    private static Op* CallThroughGate(Vcpu vcpu, CpuState* s, Op* op, ulong rip, ushort selector, in Descriptor segment)
    {
        int cpl = vcpu.Control.Cpl;
        if (!CodeTargets.IsCanonical(vcpu, op, rip))
        {
            return null;
        }

        if (segment.IsConforming || segment.Dpl == cpl)
        {
            return FarStack.TryPush<W64>(vcpu, s, op, vcpu.Control.Cs, op->NextRip)
                ? Go(vcpu, op, rip, (ushort)((selector & ~3) | cpl))
                : null;
        }

        int level = segment.Dpl;
        uint offset = TssRsp0 + (8U * (uint)level);
        if (!CodeTargets.Refuse(vcpu, op, ExceptionVector.TS, CodeTargets.ErrorOf(vcpu.Control.Tr), offset + 7 > vcpu.Control.TssLimit))
        {
            return null;
        }

        ulong lowest = 0;
        if (!vcpu.System.TryRead(vcpu.Control.TssBase + offset, out ulong top) || !vcpu.System.CanPush(lowest = top - 32, 4))
        {
            return SystemFaults.Raise(vcpu, op);
        }

        vcpu.System.Write(top - 8, vcpu.Control.Ss);
        vcpu.System.Write(top - 16, s->Slots[Gpr.Rsp]);
        vcpu.System.Write(top - 24, vcpu.Control.Cs);
        vcpu.System.Write(top - 32, op->NextRip);
        s->Slots[Gpr.Rsp] = lowest;
        vcpu.Control.Ss = (ushort)level;
        return Go(vcpu, op, rip, (ushort)((selector & ~3) | level));
    }

    private static Op* Go(Vcpu vcpu, Op* op, ulong rip, ushort code)
    {
        vcpu.Leave(op);
        vcpu.Rip = rip;
        Privilege.EnterCode(vcpu, code);
        return null;
    }

    private static bool TryTarget<TWidth>(Vcpu vcpu, CpuState* s, Op* op, out ulong rip, out ushort selector)
        where TWidth : struct, IWidth
    {
        (rip, selector) = (0, 0);
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes + 2);
        if (from is null)
        {
            vcpu.Fault(op);
            return false;
        }

        (rip, selector) = (TWidth.Read(from), *(ushort*)(from + TWidth.Bytes));
        return true;
    }

    /// <summary>Goes through a call gate: out the code segment it names, checked but for presence in the branching forms, and the address.</summary>
    private static bool TryGate(Vcpu vcpu, Op* op, ref ushort selector, ref Descriptor descriptor, out ulong rip)
    {
        int cpl = vcpu.Control.Cpl;
        uint error = CodeTargets.ErrorOf(selector);
        ulong low = descriptor.Raw;
        rip = 0;
        if (!CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, error, descriptor.Dpl < cpl || descriptor.Dpl < (selector & 3))
            || !CodeTargets.Refuse(vcpu, op, ExceptionVector.NP, error, !descriptor.Present))
        {
            return false;
        }

        if (!Descriptors.TryReadUpper(vcpu, selector, out ulong high, out bool refused))
        {
            _ = refused ? vcpu.Raise(op, ExceptionVector.GP, error) : SystemFaults.Raise(vcpu, op);
            return false;
        }

        rip = (low & 0xFFFF) | (low >> 32 & 0xFFFF_0000) | (high << 32);
        selector = (ushort)(low >> 16);
        if (!CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, error, !Descriptors.IsUpperHalf(high))
            || !CodeTargets.TryRead(vcpu, op, selector, out descriptor))
        {
            return false;
        }

        bool wrong = !descriptor.IsCode || descriptor.Dpl > cpl || !descriptor.IsLong;
        error = CodeTargets.ErrorOf(selector);
        return CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, error, wrong)
            && CodeTargets.Refuse(vcpu, op, ExceptionVector.NP, error, !descriptor.Present);
    }
}
