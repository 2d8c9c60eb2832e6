using System.Buffers.Binary;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Delivery;

/// <summary>The x87, SSE and AVX registers in a signal frame: what uc_mcontext.fpregs points to.</summary>
/// <remarks>
/// <code>
///    0 FXSAVE image   464 magic1 46505853H, extended size, xfeatures, size   (sw_reserved)
///  512 XSAVE header: XSTATE_BV   576 upper halves of YMM0 to YMM15           (only with XSAVE)
///  size: magic2 46505845H                                                    (only with XSAVE)
/// </code>
/// Without XSAVE the area is the FXSAVE image alone. XSTATE_BV always names x87 and SSE, for programs that edit them.
/// Source: [Linux arch/x86/kernel/fpu/signal.c; arch/x86/include/uapi/asm/sigcontext.h, struct _fpx_sw_bytes].
/// </remarks>
internal static class SignalFpState
{
    private const uint Magic1 = 0x4650_5853;
    private const uint Magic2 = 0x4650_5845;
    private const int Magic2Bytes = 4;
    private const int SwReserved = 464;
    private const int SwBytes = 20;
    private const ulong Legacy = XsaveComponents.X87 | XsaveComponents.Sse;

    /// <summary>Frame and siginfo as the largest kind of frame has them, alignment of the frame and of the area, 32-bit state.</summary>
    private const int FixedStackBytes = 736 + 15 + 63 + 112;

    /// <summary>True when frames hold an XSAVE area: UC_FP_XSTATE in uc_flags.</summary>
    public static bool HasXstate(Vcpu vcpu) => (vcpu.Control.Cr4 & Cr4Bits.Osxsave) != 0;

    /// <summary>Length of the area, the magic number behind it included, in bytes.</summary>
    public static int BytesOf(Vcpu vcpu) =>
        HasXstate(vcpu) ? XsaveComponents.StandardBytes(vcpu.Control.Xcr0) + Magic2Bytes : UserContext.FxBytes;

    /// <summary>AT_MINSIGSTKSZ: bytes of stack that one frame can take.</summary>
    /// <remarks>Source: [Linux arch/x86/kernel/signal.c, init_sigframe_size].</remarks>
    public static ulong MinStackBytes(Vcpu vcpu) => (ulong)(FixedStackBytes + BytesOf(vcpu) + 15) & ~15UL;

    /// <summary>Writes the area at <paramref name="address"/> and gives the handler fresh registers; false when it cannot be written.</summary>
    public static bool TryWrite(TaskSystem system, ulong address)
    {
        Vcpu vcpu = system.Core.Vcpu;
        ulong components = HasXstate(vcpu) ? vcpu.Control.Xcr0 : Legacy;
        Span<byte> bytes = stackalloc byte[BytesOf(vcpu)];
        bytes.Clear();
        int size = HasXstate(vcpu) ? bytes.Length - Magic2Bytes : bytes.Length;
        XsaveImage.SaveLegacy(vcpu, bytes);
        WriteSwReserved(bytes[SwReserved..], size, components);
        if (HasXstate(vcpu))
        {
            XsaveImage.Save(vcpu, bytes, components & ~Legacy, XsaveComponents.PkruOffset);
            ulong present = XsaveImage.InUse(vcpu, components) | Legacy;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[XsaveComponents.HeaderOffset..], present);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[size..], Magic2);
        }

        return system.Guest.TryWrite(address, bytes);
    }

    /// <summary>All these registers as a program finds them at its start, and a handler at its own.</summary>
    public static void Reset(Vcpu vcpu) => XsaveImage.ResetAll(vcpu);

    /// <summary>Takes the registers from the area at <paramref name="address"/>, 0 for fresh ones; false when it is not readable or not valid.</summary>
    /// <remarks>Without the magic numbers only the FXSAVE image counts, and the upper halves are cleared.</remarks>
    public static bool TryRestore(TaskSystem system, ulong address)
    {
        Vcpu vcpu = system.Core.Vcpu;
        bool restored = address == 0 || TryTake(system, vcpu, address);
        if (!restored || address == 0)
        {
            Reset(vcpu);
        }

        return restored;
    }

    private static bool TryTake(TaskSystem system, Vcpu vcpu, ulong address)
    {
        Span<byte> bytes = stackalloc byte[BytesOf(vcpu)];
        Span<byte> legacy = bytes[..UserContext.FxBytes];
        if (!system.Guest.TryRead(address, legacy))
        {
            return false;
        }

        int size = HasXstate(vcpu) ? SizeOf(legacy, bytes.Length - Magic2Bytes) : 0;
        if (size == 0)
        {
            return (address & 15) == 0 && XsaveImage.TryRestoreLegacy(vcpu, legacy);
        }

        if (!system.Guest.TryRead(address, bytes[..(size + Magic2Bytes)]))
        {
            return false;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[size..]) != Magic2)
        {
            return (address & 15) == 0 && XsaveImage.TryRestoreLegacy(vcpu, legacy);
        }

        ulong wanted = vcpu.Control.Xcr0 & BinaryPrimitives.ReadUInt64LittleEndian(bytes[(SwReserved + 8)..]);
        bytes[size..].Clear();
        if ((address & 63) != 0 || !XsaveImage.TryRestore(vcpu, bytes, wanted))
        {
            return false;
        }

        XsaveImage.Reset(vcpu, vcpu.Control.Xcr0 & ~wanted);
        return true;
    }

    /// <summary>The length that sw_reserved names, when it is one that this kernel could have written; otherwise 0.</summary>
    private static int SizeOf(ReadOnlySpan<byte> legacy, int largest)
    {
        ReadOnlySpan<byte> reserved = legacy[SwReserved..];
        uint extended = BinaryPrimitives.ReadUInt32LittleEndian(reserved[4..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(reserved[16..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(reserved) == Magic1 && size >= XsaveComponents.FixedBytes && size <= largest && size <= extended
            ? (int)size
            : 0;
    }

    private static void WriteSwReserved(Span<byte> to, int size, ulong components)
    {
        to[..SwBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic1);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)(size + Magic2Bytes));
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], components);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], (uint)size);
    }
}
