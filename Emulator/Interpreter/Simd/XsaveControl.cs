using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>XGETBV and XSETBV.</summary>
/// <remarks>
/// XGETBV with ECX = 1 tells what of XCR0 is in use; there MXCSR counts as SSE state. A write of XCR0 ends its block: what follows is
/// decoded under the new rules. Source: [SDM2 "XGETBV", "XSETBV"].
/// </remarks>
internal static unsafe class XsaveControl
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Xgetbv, EmitGet),
        new(Mnemonic.Xsetbv, EmitSet),
    ];

    private static bool EmitGet(ref OpBuilder b)
    {
        b.Op->Run = &Get;
        return true;
    }

    private static bool EmitSet(ref OpBuilder b)
    {
        b.Op->Run = &Set;
        return true;
    }

    private static Op* Get(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong enabled = vcpu.Control.Xcr0;
        uint which = (uint)s->Slots[Gpr.Rcx];
        if (which > 1 || (which == 1 && !vcpu.Model.Has(CpuFeatures.Xgetbv1)))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        if (which == 1)
        {
            ulong sse = s->Mxcsr != XsaveImage.InitialMxcsr ? enabled & XsaveComponents.Sse : 0;
            enabled = XsaveImage.InUse(vcpu, enabled) | sse;
        }

        s->Slots[Gpr.Rax] = (uint)enabled;
        s->Slots[Gpr.Rdx] = enabled >> 32;
        return op + 1;
    }

    private static Op* Set(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong value = (uint)s->Slots[Gpr.Rax] | (s->Slots[Gpr.Rdx] << 32);
        if (vcpu.Control.Cpl != 0 || (uint)s->Slots[Gpr.Rcx] != 0 || !XsaveComponents.IsValid(value, vcpu.Model.StateComponents))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        vcpu.Control.Xcr0 = value;
        vcpu.RefreshBars();
        return vcpu.Leave(op);
    }
}
