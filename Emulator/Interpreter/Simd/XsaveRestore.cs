using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

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
    private const int Rax = 0;
    private const int Rdx = 2;
    private const ulong AreaAlignment = 63;
    private const ulong Compacted = 1UL << 63;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Xrstor, Emit),
        new(Mnemonic.Xrstor64, Emit),
    ];

    private static bool Emit(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &Run;
        return true;
    }

    private static Op* Run(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong asked = vcpu.Control.Xcr0 & ((uint)s->Slots[Rax] | (s->Slots[Rdx] << 32));
        ulong address = Operands.Address(s, op);
        byte* header = (address & AreaAlignment) == 0
            ? vcpu.Read(s, address + XsaveComponents.HeaderOffset, XsaveComponents.FixedBytes - XsaveComponents.HeaderOffset)
            : SseForms.Misaligned(vcpu);
        if (header is null)
        {
            return vcpu.Fault(op);
        }

        Header parsed = Header.Of(new ReadOnlySpan<byte>(header, XsaveComponents.FixedBytes - XsaveComponents.HeaderOffset));
        if (!parsed.IsValid(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        int bytes = parsed.IsCompacted
            ? XsaveComponents.CompactedBytes(parsed.Layout)
            : XsaveComponents.StandardBytes(asked & parsed.Present);
        byte* from = vcpu.Read(s, address, bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ReadOnlySpan<byte> area = new(from, bytes);
        uint mxcsr = MxcsrAfter(s, area, asked, parsed);
        if ((mxcsr & ~FxImage.MxcsrMask) != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        uint pkru = vcpu.Control.Pkru;
        s->Mxcsr = mxcsr;
        XsaveImage.Load(vcpu, area, asked & parsed.Present, parsed.PkruOffset);
        XsaveImage.Reset(vcpu, asked & ~parsed.Present);
        return vcpu.Control.Pkru == pkru ? op + 1 : vcpu.Leave(op);
    }

    private static uint MxcsrAfter(CpuState* s, ReadOnlySpan<byte> area, ulong asked, in Header header)
    {
        bool ruled = (asked & (XsaveComponents.Sse | XsaveComponents.Avx)) != 0;
        return header.IsCompacted switch
        {
            false when ruled => FxImage.MxcsrOf(area),
            true when (asked & header.Present & XsaveComponents.Sse) != 0 => FxImage.MxcsrOf(area),
            true when (asked & XsaveComponents.Sse) != 0 => XsaveImage.InitialMxcsr,
            _ => s->Mxcsr,
        };
    }

    /// <summary>The XSAVE header: XSTATE_BV, XCOMP_BV, and whether the reserved bytes behind them are zero.</summary>
    private readonly record struct Header(ulong Present, ulong Layout, bool NextClear, bool RestClear)
    {
        public bool IsCompacted => (Layout & Compacted) != 0;

        public int PkruOffset => IsCompacted ? XsaveComponents.CompactedPkruOffset(Layout) : XsaveComponents.PkruOffset;

        public static Header Of(ReadOnlySpan<byte> bytes) => new(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            !bytes[16..24].ContainsAnyExcept((byte)0),
            !bytes[24..].ContainsAnyExcept((byte)0));

        public bool IsValid(Vcpu vcpu) => IsCompacted
            ? vcpu.Model.Has(CpuFeatures.XsaveC) && (Layout & ~Compacted & ~vcpu.Control.Xcr0) == 0 && (Present & ~Layout) == 0
                && (Present & Compacted) == 0 && NextClear && RestClear
            : (Present & ~vcpu.Control.Xcr0) == 0 && Layout == 0 && NextClear;
    }
}
