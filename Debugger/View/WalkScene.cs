using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.View;

/// <summary>A walk as it stands: the address, where a walk begins, the entries, and what they mean for an access.</summary>
/// <param name="Space">The number of the address space.</param>
/// <param name="Address">The address.</param>
/// <param name="Access">The access in words, such as <c>user write</c>.</param>
/// <param name="From">Why this address: <c>CR2</c>, <c>operand</c>.</param>
internal sealed record WalkScene(int Space, VirtAddr Address, string Access, string From)
{
    /// <summary>The part of the address for each level: its index, the root's first.</summary>
    public IReadOnlyList<(PagingLevel Level, int Index)> Parts { get; init; } = [];

    /// <summary>What CR3 holds, in words.</summary>
    public string Root { get; init; } = "";

    /// <summary>What TLBs and paging-structure caches have of it.</summary>
    public string Caches { get; init; } = "";

    /// <summary>The entries, the root's first; none for an address that is not canonical.</summary>
    public IReadOnlyList<Rung> Rungs { get; init; } = [];

    /// <summary>What the access meets.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>The access is refused.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Where the micro-step is, besides the entries.</summary>
    public WalkPlace Place { get; init; }

    /// <summary>The bits of the address that are no index and no offset.</summary>
    public int SignBits { get; init; }
}

/// <summary>Parts of a walk that a micro-step can be at.</summary>
internal enum WalkPlace
{
    /// <summary>None, or an entry.</summary>
    None,

    /// <summary>The address itself.</summary>
    Address,

    /// <summary>TLBs and paging-structure caches.</summary>
    Caches,

    /// <summary>What the rules say.</summary>
    Verdict,
}

/// <summary>One entry of a walk.</summary>
/// <param name="Level">Its level.</param>
/// <param name="Index">Which of its table.</param>
/// <param name="Slot">Where it lies in RAM.</param>
/// <param name="Entry">Its value.</param>
internal sealed record Rung(PagingLevel Level, int Index, PhysAddr Slot, Pte Entry)
{
    /// <summary>Its bits, a capital letter for each that is set; or what it means to the kernel when it is not present.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>What of it is other than before this T: <c>A+</c>; empty for nothing.</summary>
    public string Change { get; init; } = "";

    /// <summary>Letters of <see cref="Meaning"/> that are other than before.</summary>
    public string ChangedLetters { get; init; } = "";

    /// <summary>The micro-step is here.</summary>
    public bool IsCursor { get; init; }

    /// <summary>The access ends here.</summary>
    public bool Refuses { get; init; }

    /// <summary>What the walk has done with it.</summary>
    public RungState State { get; init; }
}

/// <summary>What a walk does with an entry.</summary>
internal enum RungState
{
    /// <summary>No walk is at work.</summary>
    Idle,

    /// <summary>It was read.</summary>
    Read,

    /// <summary>A paging-structure cache spares, or spared, reading it.</summary>
    Spared,

    /// <summary>It is not read yet.</summary>
    Unread,
}
