namespace MmuEmu.Emulator.Paging;

/// <summary>What the entries used so far allow together: RW and US ANDed, XD ORed.</summary>
/// <param name="Raw">Bit 1 write, bit 2 user, bit 63 execute: the bits of an entry with XD turned over, so that AND combines all three.</param>
/// <remarks>Source: [SDM3 Paging, "Determination of Access Rights"].</remarks>
public readonly record struct Rights(ulong Raw)
{
    private const ulong Mask = (ulong)(PteBits.RW | PteBits.US | PteBits.XD);

    /// <summary>Everything allowed, before any entry has been read.</summary>
    public static Rights All => new(Mask);

    /// <summary>Every entry had RW=1.</summary>
    public bool Write => (Raw & (ulong)PteBits.RW) != 0;

    /// <summary>Every entry had US=1: the page is a user-mode address.</summary>
    public bool User => (Raw & (ulong)PteBits.US) != 0;

    /// <summary>No entry had XD=1.</summary>
    public bool Execute => (Raw & (ulong)PteBits.XD) != 0;

    /// <summary>These rights narrowed by one more entry.</summary>
    public Rights Narrow(Pte entry) => new(Raw & (entry.Raw ^ (ulong)PteBits.XD));
}
