using MmuEmu.Debugger.Recordings;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>A disk answers a run the same ever after, whatever becomes of the host's.</summary>
public sealed class DiskTapeTests
{
    private const string Small = "/data/small";
    private const string Large = "/data/large";

    [Fact]
    public void What_was_asked_once_is_answered_the_same_though_the_host_has_changed()
    {
        PretendedDisk disk = new();
        disk.Add(Small, "before"u8.ToArray(), 1);
        DiskTape tape = DiskTape.Of(disk);
        string before = Told(tape);
        int asked = disk.Asked;

        disk.Add(Small, "after and longer"u8.ToArray(), 2);
        disk.Add("/data/new", [1]);

        Told(tape).ShouldBe(before);
        (disk.Asked, tape.Changed).ShouldBe((asked, null));
        disk.Remove(Small);
        Text(tape, Small).ShouldBe("before");
    }

    [Fact]
    public void What_was_not_there_stays_away()
    {
        PretendedDisk disk = new();
        DiskTape tape = DiskTape.Of(disk);
        tape.Stat(Small, out _).ShouldBe(Errno.ENOENT);
        tape.Open(Small, out _).ShouldBe(Errno.ENOENT);

        disk.Add(Small, [1]);

        tape.Stat(Small, out _).ShouldBe(Errno.ENOENT);
        tape.Open(Small, out IHostFile? file).ShouldBe(Errno.ENOENT);
        file.ShouldBeNull();
    }

    [Fact]
    public void A_file_too_long_to_be_kept_is_the_hosts_and_its_change_is_told()
    {
        PretendedDisk disk = new();
        byte[] content = new byte[DiskTape.MostFileBytes + 1];
        content[^1] = 9;
        disk.Add(Large, content, 1);
        DiskTape tape = DiskTape.Of(disk);
        tape.Open(Large, out IHostFile? file).ShouldBe(Errno.None);
        byte[] last = new byte[1];
        file!.Read((ulong)content.Length - 1, last, out _).ShouldBe(Errno.None);
        (last[0], tape.Changed).ShouldBe(((byte)9, null));

        disk.Add(Large, content, 2);
        file.Read(0, last, out _).ShouldBe(Errno.None);

        tape.Changed.ShouldBe(new DiskChange(Large, new FileTrack((ulong)content.Length, 1, null), new FileTrack((ulong)content.Length, 2, null)));
    }

    [Fact]
    public void A_tape_made_before_asks_no_host_for_what_it_holds()
    {
        PretendedDisk disk = new();
        disk.Add(Small, "before"u8.ToArray(), 1);
        DiskTape made = DiskTape.Of(disk);
        string before = Told(made);
        PretendedDisk other = new();

        DiskTape tape = DiskTape.Again(made.Answers, other);

        Told(tape).ShouldBe(before);
        (other.Asked, tape.Missing, tape.Changed).ShouldBe((0, null, null));
        tape.Stat("/etc/passwd", out _).ShouldBe(Errno.ENOENT);
        tape.Missing.ShouldBe(new DiskMissing(DiskQuestion.Stat, "/etc/passwd"));
        other.Asked.ShouldBe(0);
    }

    [Fact]
    public void Bytes_that_a_tape_does_not_hold_must_be_the_hosts_still()
    {
        byte[] content = "the library"u8.ToArray();
        string hash = TapeFile.HashOf(content);
        PretendedDisk disk = new();
        disk.Add(Small, content, 5);

        Text(Knowing(hash, content.Length, disk, out DiskTape same), Small).ShouldBe("the library");
        disk.Add(Small, "another"u8.ToArray(), 6);
        Text(same, Small).ShouldBe("the library");
        DiskTape changed = Knowing(hash, content.Length, disk, out _);
        changed.Open(Small, out _).ShouldBe(Errno.EIO);
        DiskTape gone = Knowing(hash, content.Length, new PretendedDisk(), out _);
        gone.Open(Small, out _).ShouldBe(Errno.EIO);

        (same.Changed, changed.Changed, gone.Changed).ShouldBe((
            null,
            new DiskChange(Small, new FileTrack((ulong)content.Length, 1, hash), new FileTrack(7, 6, TapeFile.HashOf("another"u8))),
            new DiskChange(Small, new FileTrack((ulong)content.Length, 1, hash), null)));
    }

    private static DiskTape Knowing(string hash, int length, PretendedDisk disk, out DiskTape tape) =>
        tape = DiskTape.Again([new DiskAnswer(DiskQuestion.Open, Small, Errno.None) { File = new TapeFile(Small, new FileTrack((ulong)length, 1, hash)) }], disk);

    private static string Told(DiskTape tape)
    {
        Errno errno = tape.Stat(Small, out HostEntry entry);
        Errno listed = tape.List("/data", out IReadOnlyList<string> names);
        return $"{tape.FullPath("small")} {errno} {entry} {listed} {string.Join(',', names)} {Text(tape, Small)}";
    }

    private static string Text(DiskTape tape, string path)
    {
        tape.Open(path, out IHostFile? file).ShouldBe(Errno.None);
        using (file)
        {
            byte[] bytes = new byte[100];
            file!.Read(0, bytes, out int count).ShouldBe(Errno.None);
            return System.Text.Encoding.UTF8.GetString(bytes, 0, count);
        }
    }
}
