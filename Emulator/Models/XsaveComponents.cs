namespace MmuEmu.Emulator.Models;

/// <summary>The state components of XSAVE that this processor has, and where each lies.</summary>
/// <remarks>
/// <code>
///   0 legacy region: as FXSAVE   512 header: XSTATE_BV, XCOMP_BV, reserved   576 AVX: YMM0_H to YMM15_H   832 PKRU
/// </code>
/// In the compacted format a component lies behind those before it that are there. Source: [SDM1 "XSAVE-Managed State", "Form of the XSAVE Area"].
/// </remarks>
public static class XsaveComponents
{
    /// <summary>x87 state.</summary>
    public const ulong X87 = 1UL << 0;

    /// <summary>XMM registers and MXCSR.</summary>
    public const ulong Sse = 1UL << 1;

    /// <summary>Upper halves of the YMM registers.</summary>
    public const ulong Avx = 1UL << 2;

    /// <summary>PKRU.</summary>
    public const ulong Pkru = 1UL << 9;

    /// <summary>Offset of the header in bytes.</summary>
    public const int HeaderOffset = 512;

    /// <summary>Length of legacy region and header in bytes.</summary>
    public const int FixedBytes = 576;

    /// <summary>Offset of AVX state in the standard format, in bytes.</summary>
    public const int AvxOffset = FixedBytes;

    /// <summary>Length of AVX state in bytes.</summary>
    public const int AvxBytes = 256;

    /// <summary>Offset of PKRU in the standard format, in bytes.</summary>
    public const int PkruOffset = AvxOffset + AvxBytes;

    /// <summary>Length of PKRU state in bytes.</summary>
    public const int PkruBytes = 8;

    /// <summary>Length in bytes of an area in the standard format that can hold <paramref name="components"/>.</summary>
    public static int StandardBytes(ulong components) => components switch
    {
        _ when (components & Pkru) != 0 => PkruOffset + PkruBytes,
        _ when (components & Avx) != 0 => AvxOffset + AvxBytes,
        _ => FixedBytes,
    };

    /// <summary>Length in bytes of an area in the compacted format that holds <paramref name="components"/>.</summary>
    public static int CompactedBytes(ulong components) =>
        FixedBytes + ((components & Avx) != 0 ? AvxBytes : 0) + ((components & Pkru) != 0 ? PkruBytes : 0);

    /// <summary>Offset of PKRU in bytes in the compacted format of <paramref name="components"/>.</summary>
    public static int CompactedPkruOffset(ulong components) => FixedBytes + ((components & Avx) != 0 ? AvxBytes : 0);

    /// <summary>True when XCR0 may hold <paramref name="value"/> where <paramref name="components"/> exist: x87 always, AVX only with SSE.</summary>
    /// <remarks>Source: [SDM2 "XSETBV"].</remarks>
    public static bool IsValid(ulong value, ulong components) =>
        (value & ~components) == 0 && (value & X87) != 0 && (value & (Sse | Avx)) != Avx;
}
