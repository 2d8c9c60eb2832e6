using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>statfs and fstatfs: what a mount has room for.</summary>
/// <remarks>Source: [Linux fs/statfs.c; mm/shmem.c, shmem_statfs; arch/x86/include/uapi/asm/statfs.h].</remarks>
internal static class FileSystemSyscalls
{
    private const ulong BlockBytes = 4096;

    /// <summary><c>statfs</c>.</summary>
    /// <returns>0; ENOENT and kin; EFAULT.</returns>
    public static SyscallOutcome StatFs(in SyscallCall call) =>
        Paths.FindInode(call, unchecked((ulong)Paths.AtCwd), call.A0, 0).Ok(out Inode? inode, out Errno errno) ? Tell(call, inode) : errno;

    /// <summary><c>fstatfs</c>.</summary>
    /// <returns>0; EBADF; EFAULT.</returns>
    public static SyscallOutcome FStatFs(in SyscallCall call) =>
        call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno) ? Tell(call, file.Inode) : errno;

    private static SyscallOutcome Tell(in SyscallCall call, Inode inode)
    {
        Mount mount = inode.Mount ?? call.System.Files.Mounts.Anonymous;
        (ulong blocks, ulong free) = Room(call, mount);
        StructWriter fs = new(120);
        fs.Put64(0, mount.Type.Magic);
        fs.Put64(8, BlockBytes);
        fs.Put64(16, blocks);
        fs.Put64(24, free);
        fs.Put64(32, free);
        fs.Put64(56, mount.Device);
        fs.Put64(64, 255);
        fs.Put64(72, BlockBytes);
        fs.Put64(80, mount.Flags);
        return call.Guest.TryWrite(call.A1, fs.Bytes) ? Errno.None : Errno.EFAULT;
    }

    /// <summary>Blocks and free ones: of a bounded tmpfs its own, of the root those of RAM, of others none.</summary>
    private static (ulong Blocks, ulong Free) Room(in SyscallCall call, Mount mount)
    {
        BuddyAllocator ram = call.System.Memory.Buddy;
        return mount switch
        {
            { Blocks: { Max: > 0 } blocks } => (blocks.Max, blocks.Max - blocks.Used),
            { At: "/" } => (ram.ManagedCount, ram.FreeCount),
            _ => (0, 0),
        };
    }
}
