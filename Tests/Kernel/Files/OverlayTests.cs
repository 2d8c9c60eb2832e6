using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>Guests read the host's files and write their own: nothing reaches the host.</summary>
public sealed class OverlayTests : IDisposable
{
    private const string Busybox = "/bin/busybox";
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-test").FullName;

    [Fact]
    public void What_a_guest_writes_it_reads_again_and_the_host_never_sees()
    {
        string kept = Path.Combine(_folder, "kept");
        File.WriteAllText(kept, "host\n");

        GuestRun run = Shell("echo more >> kept; cat kept; echo new > made; cat made; rm kept; ls; mkdir d; mv made d/m; cat d/m");

        run.Output.Text.ShouldBe("host\nmore\nnew\nmade\nnew\n");
        File.ReadAllText(kept).ShouldBe("host\n");
        Directory.GetFileSystemEntries(_folder).ShouldBe([kept]);
    }

    [Fact]
    public void Links_are_followed_inside_the_guest_and_loops_are_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "text\n");
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "file");
        File.CreateSymbolicLink(Path.Combine(_folder, "loop"), "loop");

        GuestRun run = Shell("cat link; readlink link; cat loop; echo $?; ln -s file own; cat own; test -L own && echo link");

        run.Output.Text.ShouldBe("text\nfile\n1\ntext\nlink\n");
        run.Errors.Text.ShouldContain("loop");
    }

    [Fact]
    public void Without_a_host_root_there_is_nothing_but_the_program_and_the_views()
    {
        Assert.SkipUnless(File.Exists(Busybox), $"{Busybox} is not there (Debian: busybox-static)");

        GuestRun run = GuestRun.Of(GuestRun.Options(Busybox) with
        {
            Arguments = ["busybox", "sh", "-c", "ls /; ls /proc/self/exe; cat /proc/self/comm"],
            HostRoot = null,
        });

        run.Output.Text.ShouldStartWith("dev\nproc\nsys\ntmp\n/proc/self/exe\n");
    }

    [Fact]
    public void A_pipe_keeps_small_writes_whole_and_tells_of_its_ends()
    {
        Pipe pipe = new();
        pipe.ReadEnd.Read(0, new byte[4]).Ok(out _, out MmuEmu.Kernel.Abi.Errno errno).ShouldBeFalse();
        errno.ShouldBe(MmuEmu.Kernel.Abi.Errno.EAGAIN);

        pipe.WriteEnd.Write(0, new byte[Pipe.Capacity - 10]).Ok(out int written, out _).ShouldBeTrue();
        written.ShouldBe(Pipe.Capacity - 10);
        pipe.WriteEnd.Write(0, new byte[11]).Ok(out _, out errno).ShouldBeFalse();
        pipe.WriteEnd.Write(0, new byte[5000]).Ok(out _, out errno).ShouldBeFalse("its last 904 bytes do not fit behind the youngest, and no buffer is free");
        pipe.WriteEnd.Write(0, new byte[10]).Ok(out written, out _).ShouldBeTrue();
        written.ShouldBe(10);

        pipe.ReadEnd.Closed();
        pipe.WriteEnd.Write(0, new byte[1]).Ok(out _, out errno).ShouldBeFalse();
        errno.ShouldBe(MmuEmu.Kernel.Abi.Errno.EPIPE);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private GuestRun Shell(string script)
    {
        Assert.SkipUnless(File.Exists(Busybox), $"{Busybox} is not there (Debian: busybox-static)");
        KernelOptions options = GuestRun.Options(Busybox) with
        {
            Arguments = ["busybox", "sh", "-c", script],
            WorkingDirectory = _folder,
        };
        return GuestRun.Of(options);
    }
}
