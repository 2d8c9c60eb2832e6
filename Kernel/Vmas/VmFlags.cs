using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Vmas;

/// <summary>The properties of a mapping.</summary>
/// <remarks>Source: [Linux include/linux/mm.h]; bit 12 is from the vrange postings (V-128), bit 32 from MADV_USERFAULT (U-001).</remarks>
[Flags]
public enum VmFlags : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Readable now.</summary>
    Read = 1UL << 0,

    /// <summary>Writable now.</summary>
    Write = 1UL << 1,

    /// <summary>Executable now.</summary>
    Exec = 1UL << 2,

    /// <summary>Writes reach everyone.</summary>
    Shared = 1UL << 3,

    /// <summary>mprotect may make it readable.</summary>
    MayRead = 1UL << 4,

    /// <summary>mprotect may make it writable.</summary>
    MayWrite = 1UL << 5,

    /// <summary>mprotect may make it executable.</summary>
    MayExec = 1UL << 6,

    /// <summary>Came from a shared mapping.</summary>
    MayShare = 1UL << 7,

    /// <summary>Grows towards lower addresses when touched just below.</summary>
    GrowsDown = 1UL << 8,

    /// <summary>Frames without a <see cref="Frames.PageFrame"/> of their own.</summary>
    PfnMap = 1UL << 10,

    /// <summary>Volatile, in the profiles that keep volatility here.</summary>
    Volatile = 1UL << 12,

    /// <summary>Pages must stay in memory.</summary>
    Locked = 1UL << 13,

    /// <summary>Expect sequential access.</summary>
    SeqRead = 1UL << 15,

    /// <summary>Expect random access.</summary>
    RandRead = 1UL << 16,

    /// <summary>Not copied on fork.</summary>
    DontCopy = 1UL << 17,

    /// <summary>mremap may not enlarge it.</summary>
    DontExpand = 1UL << 18,

    /// <summary>Counted against memory and swap.</summary>
    Account = 1UL << 20,

    /// <summary>Not counted against memory and swap.</summary>
    NoReserve = 1UL << 21,

    /// <summary>Huge pages.</summary>
    HugeTlb = 1UL << 22,

    /// <summary>A child of fork gets it empty.</summary>
    WipeOnFork = 1UL << 25,

    /// <summary>Left out of core dumps.</summary>
    DontDump = 1UL << 26,

    /// <summary>Frames with and without records.</summary>
    MixedMap = 1UL << 28,

    /// <summary>Huge pages preferred.</summary>
    HugePage = 1UL << 29,

    /// <summary>Huge pages unwanted.</summary>
    NoHugePage = 1UL << 30,

    /// <summary>May be merged with equal pages.</summary>
    Mergeable = 1UL << 31,

    /// <summary>A touch of a hole is SIGBUS.</summary>
    UserFault = 1UL << 32,
}

/// <summary>Conversions of mapping properties.</summary>
internal static class VmFlagsOps
{
    /// <summary>Readable, writable and executable together.</summary>
    public const VmFlags Access = VmFlags.Read | VmFlags.Write | VmFlags.Exec;

    /// <summary>What mprotect may ever grant, together.</summary>
    public const VmFlags MayAccess = VmFlags.MayRead | VmFlags.MayWrite | VmFlags.MayExec;

    /// <summary>Mappings that volatility and similar advice leave alone: DontExpand or PfnMap (VM_SPECIAL).</summary>
    public const VmFlags Special = VmFlags.DontExpand | VmFlags.PfnMap;

    /// <summary>The access bits of <paramref name="prot"/>.</summary>
    public static VmFlags ToVmFlags(this Prot prot) => (VmFlags)((uint)prot & 7);

    /// <summary>The access bits as mprotect takes them.</summary>
    public static Prot ToProt(this VmFlags flags) => (Prot)((uint)flags & 7);

    /// <summary>True when every bit of <paramref name="bits"/> is set.</summary>
    public static bool Has(this VmFlags flags, VmFlags bits) => (flags & bits) == bits;

    /// <summary>True when some bit of <paramref name="bits"/> is set.</summary>
    public static bool HasAny(this VmFlags flags, VmFlags bits) => (flags & bits) != 0;
}
