using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>memfd_create and the seals of its files.</summary>
/// <remarks>Source: [Linux mm/memfd.c].</remarks>
internal static class SealSyscalls
{
    private const uint ExecuteBits = 0x49;

    [Flags]
    private enum MemFd : ulong
    {
        CloseOnExec = 0x01,
        AllowSealing = 0x02,
        HugePages = 0x04,
        NoExecSeal = 0x08,
        Exec = 0x10,
        All = CloseOnExec | AllowSealing | NoExecSeal | Exec,
    }

    /// <summary><c>memfd_create</c>.</summary>
    /// <returns>A descriptor; EINVAL for unknown flags, MFD_EXEC with MFD_NOEXEC_SEAL, or a name beyond 249 bytes; EFAULT; EMFILE.</returns>
    public static SyscallOutcome MemFdCreate(in SyscallCall call)
    {
        MemFd flags = (MemFd)(uint)call.A1;
        bool both = (flags & (MemFd.NoExecSeal | MemFd.Exec)) == (MemFd.NoExecSeal | MemFd.Exec);
        if ((flags & ~MemFd.All) != 0 || both)
        {
            bool huge = (flags & MemFd.HugePages) != 0;
            return new Refusal(Errno.EINVAL, both ? ErrnoCause.FlagsConflict : huge ? ErrnoCause.FlagsNotOffered : ErrnoCause.FlagsUnknown);
        }

        if (!call.Guest.ReadString(call.A0, 250).Ok(out string? name, out Errno errno))
        {
            return errno == Errno.ENAMETOOLONG ? new Refusal(Errno.EINVAL, ErrnoCause.NameTooLong) : errno;
        }

        bool noExec = (flags & MemFd.NoExecSeal) != 0;
        Inode inode = call.System.Files.NewFile(noExec ? 0x1B6u : 0x1FF, $"/memfd:{name}", call.System.Files.Mounts.Memory);
        inode.Links = 0;
        inode.Label!.IsDeleted = true;
        MemContent content = (MemContent)inode.Content!;
        content.Seals = noExec ? FileSeals.Exec : (flags & MemFd.AllowSealing) != 0 ? FileSeals.None : FileSeals.Seal;
        OpenFile file = new(inode, OpenFlags.ReadWrite, inode.Label.Path);
        content.Unlinked();
        Result<int> added = call.Process.Files.Add(file, (flags & MemFd.CloseOnExec) != 0 ? OnExec.Close : OnExec.Keep);
        if (!added.Ok(out _, out _))
        {
            file.Release();
        }

        return SyscallOutcome.Of(added);
    }

    /// <summary>F_GET_SEALS.</summary>
    /// <returns>The seals; EINVAL for a file that is not of a tmpfs.</returns>
    public static SyscallOutcome Get(OpenFile file) =>
        Sealable(file) is { } content ? SyscallOutcome.Of((ulong)content.Seals) : new Refusal(Errno.EINVAL, ErrnoCause.FileNotSealable);

    /// <summary>F_ADD_SEALS.</summary>
    /// <returns>0; EPERM for a descriptor not open for writing, and when F_SEAL_SEAL is set; EINVAL for unknown seals or a file that is not of a tmpfs; EBUSY for F_SEAL_WRITE while a shared mapping may write.</returns>
    public static SyscallOutcome Add(OpenFile file, ulong asked)
    {
        FileSeals seals = (FileSeals)(uint)asked;
        if (!file.CanWrite)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.FileNotWritable);
        }

        if (asked > uint.MaxValue || (seals & ~FileSeals.All) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        if (Sealable(file) is not { } content)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FileNotSealable);
        }

        if ((content.Seals & FileSeals.Seal) != 0)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.FileSealed);
        }

        // Who may execute it may write it no more, from the start.
        bool runs = (seals & FileSeals.Exec) != 0 && (file.Inode.Mode & ExecuteBits) != 0;
        seals |= runs ? FileSeals.Shrink | FileSeals.Grow | FileSeals.NoWrite : FileSeals.None;
        if ((seals & FileSeals.Write) != 0 && (content.Seals & FileSeals.Write) == 0 && IsMappedWritable(content))
        {
            return new Refusal(Errno.EBUSY, ErrnoCause.FileMappedWritable);
        }

        content.Seals |= seals;
        return Errno.None;
    }

    /// <summary>What a shared mapping of a sealed file may do.</summary>
    /// <returns>None; EPERM when it would write.</returns>
    /// <remarks>Source: [Linux mm/memfd.c, check_write_seal].</remarks>
    public static Refusal CheckMapping(OpenFile file, Prot prot, ref VmFlags may)
    {
        if (file.Content is not MemContent { Seals: var seals } || (seals & FileSeals.NoWrite) == 0)
        {
            return Refusal.None;
        }

        may &= ~VmFlags.MayWrite;
        return (prot & Prot.Write) != 0 ? new Refusal(Errno.EPERM, ErrnoCause.FileSealed) : Refusal.None;
    }

    /// <summary>EPERM when a seal keeps the permission bits to execute as they are.</summary>
    public static Refusal CheckMode(Inode inode, uint mode)
    {
        bool isSealed = inode.Content is MemContent { Seals: var seals } && (seals & FileSeals.Exec) != 0;
        return isSealed && ((inode.Mode ^ mode) & ExecuteBits) != 0 ? new Refusal(Errno.EPERM, ErrnoCause.FileSealed) : Refusal.None;
    }

    private static MemContent? Sealable(OpenFile file) =>
        file.Inode.Mount?.Type == FileSystemType.Tmpfs && (file.Flags & OpenFlags.PathOnly) == 0 ? file.Content as MemContent : null;

    private static bool IsMappedWritable(MemContent content)
    {
        for (int i = 0; i < content.Mapping.Vmas.Count; i++)
        {
            if (content.Mapping.Vmas[i].Has(VmFlags.Shared | VmFlags.MayWrite))
            {
                return true;
            }
        }

        return false;
    }
}
