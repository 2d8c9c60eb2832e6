using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>The one door of the kernel to the host's disk.</summary>
public sealed class HostDiskTests : IDisposable
{
    private const string Busybox = "/bin/busybox";
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-test").FullName;

    [Fact]
    public void The_real_disk_tells_files_folders_and_links_apart_and_follows_none()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllBytes(file, [1, 2, 3]);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(5));
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "file");

        HostDisk.Real.Stat(file, out HostEntry entry).ShouldBe(Errno.None);
        HostDisk.Real.Stat(Path.Combine(_folder, "link"), out HostEntry link).ShouldBe(Errno.None);
        HostDisk.Real.Stat(_folder, out HostEntry folder).ShouldBe(Errno.None);
        HostDisk.Real.List(_folder, out IReadOnlyList<string> names).ShouldBe(Errno.None);

        entry.ShouldBe(new HostEntry(HostEntryKind.Regular, entry.Mode, 5_000_000_000, 3, ""));
        (entry.Mode & 0x180).ShouldBe(0x180U);
        (link.Kind, link.Target).ShouldBe((HostEntryKind.Symlink, "file"));
        (folder.Kind, folder.Length).ShouldBe((HostEntryKind.Directory, 0UL));
        names.Order(StringComparer.Ordinal).ShouldBe(["file", "link"]);
    }

    [Fact]
    public void What_is_not_there_or_no_name_at_all_is_an_errno()
    {
        foreach (string path in (string[])[Path.Combine(_folder, "none"), "", "/a\0b"])
        {
            HostDisk.Real.Stat(path, out _).ShouldBe(Errno.ENOENT);
            HostDisk.Real.List(path, out IReadOnlyList<string> names).ShouldBe(Errno.ENOENT);
            HostDisk.Real.Open(path, out IHostFile? file).ShouldBe(Errno.ENOENT);
            names.ShouldBeEmpty();
            file.ShouldBeNull();
        }
    }

    [Fact]
    public void A_read_gives_less_than_was_asked_for_only_at_the_end()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        HostDisk.Real.Open(path, out IHostFile? file).ShouldBe(Errno.None);
        using (file)
        {
            byte[] two = new byte[2];
            file!.Read(1, two, out int count).ShouldBe(Errno.None);
            count.ShouldBe(2);
            two.ShouldBe([2, 3]);
            file.Read(3, two, out count).ShouldBe(Errno.None);
            count.ShouldBe(1);
            file.Read(9, two, out count).ShouldBe(Errno.None);
            count.ShouldBe(0);
        }
    }

    /// <summary>All files of such a run are its disk's: what no host has, a guest finds.</summary>
    [Fact]
    public void A_run_sees_the_disk_that_it_is_given_and_no_other()
    {
        Assert.SkipUnless(File.Exists(Busybox), $"{Busybox} is not there (Debian: busybox-static)");
        PretendedDisk disk = new();
        disk.Add("/nowhere/sh", File.ReadAllBytes(Busybox));
        disk.Add("/nowhere/text", "of no host\n"u8.ToArray());

        GuestRun run = GuestRun.Of(GuestRun.Options("/nowhere/sh") with
        {
            Arguments = ["sh", "-c", "cat text; ls; ls /usr"],
            WorkingDirectory = "/nowhere",
            Disk = disk,
        });

        run.Output.Text.ShouldBe("of no host\nsh\ntext\n");
        run.Errors.Text.ShouldContain("/usr");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
