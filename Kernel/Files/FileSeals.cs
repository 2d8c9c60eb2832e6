using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>What may never again be done to a file of memory.</summary>
/// <remarks>Source: [Linux include/uapi/linux/fcntl.h, F_SEAL_SEAL to F_SEAL_EXEC].</remarks>
[Flags]
internal enum FileSeals : uint
{
    /// <summary>Nothing is sealed.</summary>
    None = 0,

    /// <summary>Setting more seals.</summary>
    Seal = 0x01,

    /// <summary>Making it shorter.</summary>
    Shrink = 0x02,

    /// <summary>Making it longer.</summary>
    Grow = 0x04,

    /// <summary>Writing, by calls and by mappings.</summary>
    Write = 0x08,

    /// <summary>Writing, but by mappings that are there already.</summary>
    FutureWrite = 0x10,

    /// <summary>Changing whether it may be executed.</summary>
    Exec = 0x20,

    /// <summary>All that there are.</summary>
    All = Seal | Shrink | Grow | Write | FutureWrite | Exec,

    /// <summary>Those that forbid calls to write.</summary>
    NoWrite = Write | FutureWrite,
}

/// <summary>What each seal refuses.</summary>
/// <remarks>Source: [Linux mm/shmem.c, shmem_setattr, shmem_write_begin, shmem_fallocate].</remarks>
internal static class FileSealsOps
{
    private static readonly Refusal Sealed = new(Errno.EPERM, ErrnoCause.FileSealed);

    /// <summary>EPERM when a file may not be made <paramref name="to"/> bytes long.</summary>
    public static Refusal Resize(this FileSeals seals, ulong from, ulong to)
    {
        bool refused = (to < from && (seals & FileSeals.Shrink) != 0) || (to > from && (seals & FileSeals.Grow) != 0);
        return refused ? Sealed : Refusal.None;
    }

    /// <summary>EPERM when bytes up to <paramref name="end"/> may not be written into a file of <paramref name="sizeBytes"/>.</summary>
    public static Refusal Write(this FileSeals seals, ulong sizeBytes, ulong end)
    {
        bool refused = (seals & FileSeals.NoWrite) != 0 || (end > sizeBytes && (seals & FileSeals.Grow) != 0);
        return refused ? Sealed : Refusal.None;
    }
}
