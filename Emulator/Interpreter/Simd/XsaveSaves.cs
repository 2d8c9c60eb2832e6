using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>XSAVE, XSAVEOPT and XSAVEC.</summary>
/// <remarks>
/// <code>
///             writes                     XSTATE_BV                    MXCSR           XCOMP_BV
///  XSAVE      all that is asked          old outside, in use inside   SSE or AVX      as it was
///  XSAVEOPT   what is in use             as XSAVE                     SSE or AVX      as it was
///  XSAVEC     what is in use, packed     what is written              with SSE        asked, and bit 63
/// </code>
/// The bytes between are those that lay there before. Source: [SDM1 "Operation of XSAVE", "Operation of XSAVEOPT", "Operation of XSAVEC"].
/// </remarks>
internal static unsafe class XsaveSaves
{
    private const ulong AreaAlignment = 63;

    /// <summary>Marks the form without REX.W, which saves the pointers of the x87 with their selectors.</summary>
    private const byte Narrow = 1;

    /// <summary>Beside it, marks that a misaligned area may be #AC.</summary>
    private const byte ChecksAlignment = 2;

    /// <summary>Marks that XSAVEC asks for the last byte of the header first.</summary>
    private const byte HeaderFirst = 1;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Xsave, static (ref OpBuilder b) => EmitNarrow(ref b, &Run<Plain>)),
        new(Mnemonic.Xsave64, static (ref OpBuilder b) => Emit(ref b, &Run<Plain>)),
        new(Mnemonic.Xsaveopt, static (ref OpBuilder b) => EmitNarrow(ref b, &Run<Optimized>)),
        new(Mnemonic.Xsaveopt64, static (ref OpBuilder b) => Emit(ref b, &Run<Optimized>)),
        new(Mnemonic.Xsavec, static (ref OpBuilder b) => EmitNarrow(ref b, &Run<Packed>)),
        new(Mnemonic.Xsavec64, static (ref OpBuilder b) => Emit(ref b, &Run<Packed>)),
    ];

    private static bool Emit(ref OpBuilder b, Handler handler)
    {
        b.TakeAddress();
        b.Op->Dst = b.Model.Has(CpuHabits.XsaveChecksAlignment) ? ChecksAlignment : (byte)0;
        b.Op->Src = b.Model.Has(CpuHabits.XsavecHeaderFirst) ? HeaderFirst : (byte)0;
        b.Op->Run = handler;
        return true;
    }

    private static bool EmitNarrow(ref OpBuilder b, Handler handler)
    {
        Emit(ref b, handler);
        b.Op->Dst |= Narrow;
        return true;
    }

    private static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where TForm : struct, IForm
    {
        ulong asked = vcpu.Control.Xcr0 & ((uint)s->Slots[Gpr.Rax] | (s->Slots[Gpr.Rdx] << 32));
        ulong address = Operands.Address(s, op);
        byte* to = (address & AreaAlignment) == 0
            ? LargeOperands.Open(vcpu, s, op, TForm.BytesOf(asked), TForm.First(op->Src == HeaderFirst))
            : LargeOperands.MisalignedArea(vcpu, s, address, (op->Dst & ChecksAlignment) != 0);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        Span<byte> area = new(to, TForm.BytesOf(asked));
        ulong written = TForm.Write(vcpu, area, asked);
        if ((op->Dst & Narrow) != 0 && (written & XsaveComponents.X87) != 0)
        {
            FpuPointers.Narrow(s, area, FxRules.Of(vcpu.Model));
        }

        vcpu.Commit(s);
        return op + 1;
    }

    /// <summary>XSTATE_BV keeps what was not asked for; MXCSR goes with either of the states that it rules.</summary>
    private static void FinishStandard(Vcpu vcpu, Span<byte> area, ulong asked, ulong inUse)
    {
        if ((asked & (XsaveComponents.Sse | XsaveComponents.Avx)) != 0)
        {
            FxImage.SaveMxcsr(vcpu, area);
        }

        Span<byte> header = area[XsaveComponents.HeaderOffset..];
        ulong before = BinaryPrimitives.ReadUInt64LittleEndian(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header, (before & ~asked) | inUse);
    }

    private interface IForm
    {
        static abstract int BytesOf(ulong asked);

        static virtual AskedFirst First(bool header) => new(0, 1);

        /// <summary>Writes all but the selectors of the form without REX.W; the answer is the components written.</summary>
        static abstract ulong Write(Vcpu vcpu, Span<byte> area, ulong asked);
    }

    private readonly struct Plain : IForm
    {
        public static int BytesOf(ulong asked) => XsaveComponents.StandardBytes(asked);

        public static ulong Write(Vcpu vcpu, Span<byte> area, ulong asked)
        {
            XsaveImage.Save(vcpu, area, asked, XsaveComponents.PkruOffset);
            FinishStandard(vcpu, area, asked, XsaveImage.InUse(vcpu, asked));
            return asked;
        }
    }

    private readonly struct Optimized : IForm
    {
        public static int BytesOf(ulong asked) => XsaveComponents.StandardBytes(asked);

        public static ulong Write(Vcpu vcpu, Span<byte> area, ulong asked)
        {
            ulong inUse = XsaveImage.InUse(vcpu, asked);
            XsaveImage.Save(vcpu, area, inUse, XsaveComponents.PkruOffset);
            FinishStandard(vcpu, area, asked, inUse);
            return inUse;
        }
    }

    private readonly struct Packed : IForm
    {
        public static int BytesOf(ulong asked) => XsaveComponents.CompactedBytes(asked);

        public static AskedFirst First(bool header) => new(header ? XsaveComponents.FixedBytes - 1 : 0, 1);

        public static ulong Write(Vcpu vcpu, Span<byte> area, ulong asked)
        {
            ulong saved = XsaveImage.InUse(vcpu, asked);
            saved |= vcpu.State->Mxcsr != XsaveImage.InitialMxcsr ? asked & XsaveComponents.Sse : 0;
            XsaveImage.Save(vcpu, area, saved, XsaveComponents.CompactedPkruOffset(asked));
            if ((saved & XsaveComponents.Sse) != 0)
            {
                FxImage.SaveMxcsr(vcpu, area);
            }

            Span<byte> header = area[XsaveComponents.HeaderOffset..];
            BinaryPrimitives.WriteUInt64LittleEndian(header, saved);
            BinaryPrimitives.WriteUInt64LittleEndian(header[8..], asked | XsaveHeader.Compacted);
            return saved;
        }
    }
}
