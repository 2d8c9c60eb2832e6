using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>What is mounted where, and what a bound on a tmpfs means.</summary>
public sealed class MountTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/etc/passwd", "/")]
    [InlineData("/tmp", "/tmp")]
    [InlineData("/tmp/a/b", "/tmp")]
    [InlineData("/tmpfile", "/")]
    [InlineData("/dev/null", "/dev")]
    [InlineData("/dev/shm", "/dev/shm")]
    [InlineData("/dev/shm/x", "/dev/shm")]
    [InlineData("/dev/shmem", "/dev")]
    [InlineData("/proc/self/maps", "/proc")]
    public void A_path_lies_in_the_longest_mount_above_it(string path, string at) =>
        new MountTable(1000, hasHost: false).Of(path).At.ShouldBe(at);

    [Fact]
    public void Every_mount_has_a_device_and_a_number_of_its_own()
    {
        MountTable mounts = new(1000, hasHost: true);

        mounts.All.Select(mount => mount.Device).Concat([mounts.Memory.Device, mounts.Pipes.Device, mounts.Sockets.Device, mounts.Anonymous.Device]).ShouldBeUnique();
        mounts.All.Select(mount => mount.Id).ShouldBeUnique();
        mounts.Root.Type.ShouldBe(FileSystemType.Overlay);
        mounts.Temporary.Blocks.Max.ShouldBe(500UL);
    }

    [Fact]
    public void A_full_tmpfs_takes_no_more_by_any_door_and_what_goes_makes_room()
    {
        using MmHarness mm = new();
        BlockCount blocks = new(3);
        MemContent file = new(mm.Mem, new FileLabel("/tmp/f", 1, 0), blocks);
        MemContent other = new(mm.Mem, new FileLabel("/tmp/g", 2, 0), blocks);
        file.Write(0, new byte[2 * 4096]).Ok(out _, out _).ShouldBeTrue();

        // A write goes as far as there is room, and the next one nowhere.
        other.Write(100, new byte[4096]).Ok(out int written, out _).ShouldBeTrue();
        written.ShouldBe(4096 - 100);
        other.Write(4096, new byte[1]).Ok(out _, out Errno errno).ShouldBeFalse();
        errno.ShouldBe(Errno.ENOSPC);
        other.Allocate(0, 2 * 4096, keepSize: false).Errno.ShouldBe(Errno.ENOSPC);
        other.SizeBytes.ShouldBe(4096UL);

        // A touch of a hole is a bus error, as it has no page to get.
        other.Resize(2 * 4096).ShouldBe(Refusal.None);
        MapRequest request = new() { LengthBytes = 2 * 4096, Prot = Prot.Read | Prot.Write, Flags = MapFlags.Shared, Backing = other };
        Map.Place(mm.Mem, mm.Space, request).Ok(out VirtAddr start, out _).ShouldBeTrue();
        mm.Touch(start + 4096, AccessKind.Write).IsBusErrorAt(start + 4096).ShouldBeTrue();
        mm.SwapAll();
        mm.Touch(start + 4096, AccessKind.Write).IsBusErrorAt(start + 4096).ShouldBeTrue();

        file.Punch(0, 4096).ShouldBe(Refusal.None);
        blocks.Used.ShouldBe(2UL);
        mm.Write(start + 4096, 1).ShouldBeSound();
        blocks.Used.ShouldBe(3UL);
    }

    [Fact]
    public void Names_do_not_move_between_mounts_and_mount_points_stay()
    {
        using MmHarness mm = new();
        FileSystem files = new(mm.Mem, HostDisk.Real, null);
        Inode tmp = files.NewFolder(0x3FF, mount: files.Mounts.Temporary);
        files.Root.Inode.Folder!.Put("tmp", tmp);
        Inode file = files.NewFile(0x180, "/tmp/f", files.Mounts.Temporary);
        FolderVerbs.Create(Slot(files, "/tmp/f"), file).ShouldBe(Errno.None);

        FolderVerbs.Rename(Slot(files, "/tmp/f"), Slot(files, "/f")).Errno.ShouldBe(Errno.EXDEV);
        FolderVerbs.Link(file, Slot(files, "/f")).Errno.ShouldBe(Errno.EXDEV);
        FolderVerbs.RemoveFolder(Slot(files, "/tmp")).Errno.ShouldBe(Errno.EBUSY);
        FolderVerbs.Rename(Slot(files, "/tmp"), Slot(files, "/other")).Errno.ShouldBe(Errno.EBUSY);
        FolderVerbs.Rename(Slot(files, "/tmp/f"), Slot(files, "/tmp/g")).Errno.ShouldBe(Errno.None);
        file.Label!.Shown.ShouldBe("/tmp/g");
        FolderVerbs.Unlink(Slot(files, "/tmp/g")).ShouldBe(Errno.None);
        file.Label.Shown.ShouldBe("/tmp/g (deleted)");
    }

    private static NamedSlot Slot(FileSystem files, string path)
    {
        files.FindSlot(files.Root, path, LastLink.Keep).Ok(out NamedSlot slot, out Errno errno).ShouldBeTrue($"{errno}");
        return slot;
    }
}
