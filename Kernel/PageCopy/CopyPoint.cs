using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>Where a copy may be looked at, held, or put under pressure.</summary>
internal enum CopyPoint
{
    /// <summary>The user's bytes were touched.</summary>
    AfterPrefault,

    /// <summary>The file page is locked.</summary>
    AfterLockPage,

    /// <summary>The atomic window is open.</summary>
    AfterKmapAtomic,

    /// <summary>So many bytes are copied.</summary>
    MidCopy,

    /// <summary>A fault is about to wait for the swap device.</summary>
    BeforeFaultSleep,

    /// <summary>The device has been read, and the page is mapped.</summary>
    AfterSwapin,

    /// <summary>What was copied is about to be committed.</summary>
    BeforeCommit,

    /// <summary>The user's pages are pinned.</summary>
    AfterPin,
}

/// <summary>A copy at a point, for those who act there.</summary>
/// <param name="Copy">Number of the copy, from 1.</param>
/// <param name="Point">The point.</param>
/// <param name="Copied">Bytes copied so far.</param>
/// <param name="User">The user's first byte.</param>
/// <param name="Space">Whose memory that is.</param>
/// <param name="Pass">Which pass over the user's buffer, from 1.</param>
/// <param name="MayHold">False in an atomic state.</param>
internal readonly record struct CopyMoment(ulong Copy, CopyPoint Point, int Copied, VirtAddr User, AddressSpace Space, int Pass, bool MayHold);

/// <summary>Who acts at the points of copies.</summary>
internal interface ICopyPoints
{
    /// <summary>A copy has come to a point.</summary>
    /// <returns>The mark until which the task is held there; null to go on.</returns>
    string? At(in CopyMoment moment);

    /// <summary>The next byte, above <paramref name="copied"/>, at which somebody acts on copy number <paramref name="copy"/>; <see cref="int.MaxValue"/> for none.</summary>
    int NextByte(ulong copy, int copied);

    /// <summary>True when somebody acts on a pass over a user's buffer that comes after <paramref name="pass"/>, and on that one alone.</summary>
    bool ActsLater(int pass);
}
