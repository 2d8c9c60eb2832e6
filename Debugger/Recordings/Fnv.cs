namespace MmuEmu.Debugger.Recordings;

/// <summary>The 64-bit FNV-1a digest: quick, the same everywhere, and sure to change with any one byte. No protection against malice.</summary>
/// <remarks>Source: [Fowler, Noll, Vo, Eastlake: The FNV Non-Cryptographic Hash Algorithm].</remarks>
internal static class Fnv
{
    private const ulong Basis = 0xCBF2_9CE4_8422_2325;
    private const ulong Prime = 0x0000_0100_0000_01B3;

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => With(Basis, bytes);

    /// <summary>The digest of what gave <paramref name="digest"/> and <paramref name="bytes"/> behind it.</summary>
    public static ulong With(ulong digest, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            digest = (digest ^ one) * Prime;
        }

        return digest;
    }
}
