using System.Buffers.Binary;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu;

/// <summary>The header of an XSAVE area: XSTATE_BV, XCOMP_BV, and whether the reserved bytes behind them are zero.</summary>
/// <param name="Present">XSTATE_BV: the components that the area holds; the others have their initial values.</param>
/// <param name="Layout">XCOMP_BV: bit 63 says that the area is compacted, the rest which components have a place in it.</param>
/// <param name="NextClear">Bytes 16 to 23 are zero.</param>
/// <param name="RestClear">Bytes 24 to 63 are zero.</param>
/// <remarks>Source: [SDM1 "XSAVE Header"].</remarks>
public readonly record struct XsaveHeader(ulong Present, ulong Layout, bool NextClear, bool RestClear)
{
    /// <summary>Bit 63 of XCOMP_BV.</summary>
    public const ulong Compacted = 1UL << 63;

    /// <summary>Length in bytes.</summary>
    public const int Bytes = XsaveComponents.FixedBytes - XsaveComponents.HeaderOffset;

    /// <summary>True for the format of XSAVEC.</summary>
    public bool IsCompacted => (Layout & Compacted) != 0;

    /// <summary>Where PKRU lies in the area, in bytes.</summary>
    public int PkruOffset => IsCompacted ? XsaveComponents.CompactedPkruOffset(Layout) : XsaveComponents.PkruOffset;

    /// <summary>The header that <paramref name="bytes"/> hold.</summary>
    public static XsaveHeader Of(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        !bytes[16..24].ContainsAnyExcept((byte)0),
        !bytes[24..Bytes].ContainsAnyExcept((byte)0));

    /// <summary>Length in bytes of the area as far as restoring <paramref name="asked"/> reads it.</summary>
    public int AreaBytes(ulong asked) =>
        IsCompacted ? XsaveComponents.CompactedBytes(Layout) : XsaveComponents.StandardBytes(asked & Present);

    /// <summary>False when XRSTOR answers #GP(0).</summary>
    public bool IsValidFor(Vcpu vcpu)
    {
        ulong enabled = vcpu.Control.Xcr0;
        return IsCompacted
            ? vcpu.Model.Has(CpuFeatures.XsaveC) && (Layout & ~Compacted & ~enabled) == 0 && (Present & (Compacted | ~Layout)) == 0
                && NextClear && RestClear
            : Layout == 0 && (Present & ~enabled) == 0 && NextClear;
    }
}
