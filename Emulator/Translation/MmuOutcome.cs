using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>What the MMU did for one access: the record that is priced, drawn and tested.</summary>
/// <remarks>
/// The MMU keeps one of these and overwrites it, so that a hit writes a few bytes only: after a plain hit
/// <see cref="TlbLevel"/> and <see cref="Size"/> speak, and everything else is 0.
/// </remarks>
[StructLayout(LayoutKind.Explicit)]
public struct MmuOutcome
{
    private const int SizeShift = 48;

    [FieldOffset(0)]
    private ulong _head;

    [FieldOffset(0)]
    private readonly byte _tlbLevel;

    [FieldOffset(1)]
    private byte _walks;

    [FieldOffset(2)]
    private ushort _earlierReferences;

    [FieldOffset(4)]
    private byte _entriesMarked;

    [FieldOffset(5)]
    private bool _faulted;

    [FieldOffset(6)]
    private PageSize _size;

    [FieldOffset(7)]
    private PagingLevel _startLevel;

    /// <summary>The same path, for the MMU to fill in place.</summary>
    [FieldOffset(8)]
    internal WalkPath LastPath;

    /// <summary>1 or 2 when that TLB level held the translation (even one that was then refused), 0 when none did.</summary>
    public readonly byte TlbLevel => _tlbLevel;

    /// <summary>Walks made: 0 after a plain hit, 1 as a rule, more when an entry changed meanwhile or stale rights were checked.</summary>
    public byte Walks { readonly get => _walks; internal set => _walks = value; }

    /// <summary>Entries read by walks before the last one.</summary>
    public ushort EarlierReferences { readonly get => _earlierReferences; internal set => _earlierReferences = value; }

    /// <summary>Entries in which A or D was set; one microcode assist however many.</summary>
    public byte EntriesMarked { readonly get => _entriesMarked; internal set => _entriesMarked = value; }

    /// <summary>The access ended in a page fault.</summary>
    public bool Faulted { readonly get => _faulted; internal set => _faulted = value; }

    /// <summary>Size of the page as the TLB holds it; without meaning after a fault.</summary>
    public PageSize Size { readonly get => _size; internal set => _size = value; }

    /// <summary>The level of the first table that the last walk read; below the root when a paging-structure cache answered, 0 after a plain hit.</summary>
    public PagingLevel StartLevel { readonly get => _startLevel; internal set => _startLevel = value; }

    /// <summary>The entries that the last walk read, highest first.</summary>
    public WalkPath Path { readonly get => LastPath; internal set => LastPath = value; }

    /// <summary>Starts the record of an access: which level answered it, and in what size. One store, because every hit pays it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Begin(byte tlbLevel, PageSize size)
    {
        _head = tlbLevel | ((ulong)size << SizeShift);
        LastPath.Clear();
    }

    /// <summary>One entry of the last walk, without a copy of the whole path.</summary>
    internal readonly WalkStep StepAt(int index) => LastPath[index];

    /// <summary>Number of entries that the last walk read.</summary>
    internal readonly int StepCount => LastPath.Count;
}
