using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>XRSTOR.</summary>
/// <remarks>
/// What XSTATE_BV names is loaded, what else is asked for gets its initial value. #GP(0), and nothing loaded, when
/// <code>
///  the area is not at a multiple of 64
///  standard:   XSTATE_BV names what XCR0 does not; bytes 8 to 23 of the header are not zero; MXCSR has reserved bits and is loaded
///  compacted:  the processor has no XSAVEC; XCOMP_BV names what XCR0 does not, or lacks what XSTATE_BV names;
///              bytes 16 to 63 of the header are not zero; MXCSR as before
/// </code>
/// In the standard format MXCSR is loaded whenever SSE or AVX is asked for. Source: [SDM1 "Operation of XRSTOR"], [SDM2 "XRSTOR"].
/// </remarks>
internal static unsafe class XsaveRestore
{
    private const ulong AreaAlignment = 63;

    /// <summary>Marks the form without REX.W, which has the pointers of the x87 with their selectors.</summary>
    private const byte Narrow = 1;

    /// <summary>Beside it, marks that a misaligned area may be #AC.</summary>
    private const byte ChecksAlignment = 2;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Xrstor, EmitNarrow),
        new(Mnemonic.Xrstor64, Emit),
    ];

    private static bool Emit(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Dst = b.Model.Has(CpuHabits.XsaveChecksAlignment) ? ChecksAlignment : (byte)0;
        b.Op->Run = &Run;
        return true;
    }

    private static bool EmitNarrow(ref OpBuilder b)
    {
        Emit(ref b);
        b.Op->Dst |= Narrow;
        return true;
    }

    private static Op* Run(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong asked = (uint)s->Slots[Gpr.Rax] | (s->Slots[Gpr.Rdx] << 32);
        ulong address = Operands.Address(s, op);
        byte* header = (address & AreaAlignment) != 0 ? LargeOperands.MisalignedArea(vcpu, s, address, (op->Dst & ChecksAlignment) != 0)
            : vcpu.Read(s, address, 1) is null ? null
            : vcpu.Read(s, address + XsaveComponents.HeaderOffset, XsaveHeader.Bytes);
        if (header is null)
        {
            return vcpu.Fault(op);
        }

        XsaveHeader parsed = XsaveHeader.Of(new ReadOnlySpan<byte>(header, XsaveHeader.Bytes));
        if (!parsed.IsValidFor(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        int bytes = parsed.AreaBytes(asked & vcpu.Control.Xcr0);
        byte* from = LargeOperands.Read(vcpu, s, op, bytes, new AskedFirst(0, 1));
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        uint pkru = vcpu.Control.Pkru;
        if (!XsaveImage.TryRestore(vcpu, new ReadOnlySpan<byte>(from, bytes), asked))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        if ((op->Dst & Narrow) != 0 && (asked & parsed.Present & XsaveComponents.X87) != 0)
        {
            FpuPointers.Widen(s, new ReadOnlySpan<byte>(from, bytes));
        }

        return vcpu.Control.Pkru == pkru ? op + 1 : vcpu.Leave(op);
    }
}
