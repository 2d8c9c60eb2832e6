namespace MmuEmu.Kernel.Frames;

/// <summary>Who a page belongs to: the id of an AnonVma or of a file, with three state bits below.</summary>
/// <param name="Raw">
/// Bits 63:3 the id, standing for the 8-byte aligned pointer of Linux; bit 0 ANON, bit 1 KSM, bit 2 LZFREE.
/// </param>
/// <remarks>
/// <code>
///  low bits   0    1     3    5          4, 7
///  meaning    file anon  KSM  lazy free  never valid
/// </code>
/// Rows F-050 to F-054.
/// </remarks>
internal readonly record struct MappingWord(ulong Raw)
{
    /// <summary>The page is anonymous.</summary>
    public const ulong Anon = 1;

    /// <summary>The page is merged with equal ones.</summary>
    public const ulong Ksm = 2;

    /// <summary>The page was given to MADV_FREE.</summary>
    public const ulong LazyFree = 4;

    private const ulong Mask = 7;

    /// <summary>Belongs to nobody.</summary>
    public static MappingWord None => default;

    /// <summary>Of the anonymous owner with <paramref name="id"/>.</summary>
    public static MappingWord OfAnon(ulong id) => new((id << 3) | Anon);

    /// <summary>Of the file with <paramref name="id"/>.</summary>
    public static MappingWord OfFile(ulong id) => new(id << 3);

    /// <summary>The owner's id.</summary>
    public ulong Id => Raw >> 3;

    /// <summary>The three low bits.</summary>
    public ulong LowBits => Raw & Mask;

    /// <summary>True when the ANON bit is set, whatever the others are.</summary>
    public bool IsAnon => (Raw & Anon) != 0;

    /// <summary>True for low bits 3.</summary>
    public bool IsKsm => LowBits == (Anon | Ksm);

    /// <summary>True for low bits 5 and for nothing else (F-051).</summary>
    public bool IsLazyFree => LowBits == (Anon | LazyFree);

    /// <summary>True for low bits 0 and an owner.</summary>
    public bool IsFile => LowBits == 0 && Raw != 0;

    /// <summary>True when the word leads the reverse map to an AnonVma: low bits 1 and 5 (F-054).</summary>
    public bool LeadsToAnonVma => LowBits is Anon or (Anon | LazyFree);

    /// <summary>The same owner with the LZFREE bit.</summary>
    public MappingWord WithLazyFree() => new(Raw | LazyFree);

    /// <summary>The same owner without the LZFREE bit.</summary>
    public MappingWord WithoutLazyFree() => new(Raw & ~LazyFree);
}
