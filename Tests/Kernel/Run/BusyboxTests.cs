using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>Debian's static busybox under the mini-kernel prints what it prints natively.</summary>
public sealed class BusyboxTests
{
    private const string Busybox = "/bin/busybox";

    public static TheoryData<string[]> Commands => new()
    {
        { ["echo", "hello", "there"] },
        { ["sh", "-c", "for i in 1 2 3; do echo $i; done | sort -r"] },
        { ["sha256sum", Busybox] },
        { ["awk", "BEGIN{print 1/3}"] },
        { ["seq", "1", "500"] },
        { ["printf", "%5.2f|%s\n", "3.14159", "x"] },
        { ["sh", "-c", "x=$(echo sub); echo $x; (exit 3); echo $?; kill -TERM $$"] },
        { ["sh", "-c", "trap 'echo got' USR1; kill -USR1 $$; echo after"] },
        { ["sh", "-c", "cd /tmp; mkdir -p mmuemu-t/a; echo x > mmuemu-t/a/f; mv mmuemu-t/a mmuemu-t/b; cat mmuemu-t/b/f; rm -r mmuemu-t; ls -d mmuemu-t; echo $?"] },
        { ["sh", "-c", "yes | head -5; echo one two | (read a b; echo $b $a)"] },
        { ["sh", "-c", "sleep 1 & sleep 2; wait; echo slept"] },
        { ["sh", "-c", "gzip -c /bin/busybox | gunzip -c | md5sum"] },
        { ["sh", "-c", "echo a b c | tr a-z A-Z | sed s/B/x/ | grep -c x; echo 7 > /dev/null; cat /dev/null | wc -c"] },
        { ["sh", "-c", "ls -1 /etc | head -3; test -d /proc/self/fd && echo yes"] },
        { ["expr", "3", "*", "4"] },
        { ["dd", "if=/dev/zero", "of=/dev/null", "bs=1k", "count=3"] },
        { ["sh", "-c", "find /etc/init.d -type f | sort"] },
        { ["stat", "-c", "%s %F", Busybox] },
        { ["nosuchapplet"] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task It_prints_and_ends_as_natively(string[] command)
    {
        Assert.SkipUnless(File.Exists(Busybox), $"{Busybox} is not there (Debian: busybox-static)");
        HostRun native = await HostProcess.Run(Busybox, command);

        GuestRun run = GuestRun.Of(Busybox, command);

        (run.Result.ExitCode, System.Text.Encoding.Latin1.GetString(run.Output.Written)).ShouldBe((native.ExitCode, native.Output), run.Result.Message);
    }
}
