using System.Diagnostics;

namespace MmuEmu.Tests.Debugger;

/// <summary>A guest that writes into a pipe nobody reads hears of it.</summary>
public sealed class BrokenPipeTests
{
    [Fact]
    public void A_guest_that_writes_for_ever_dies_of_SIGPIPE_when_its_reader_goes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/busybox"), "needs busybox: apt-get install busybox-static");

        // Given a shell that reads one line of an endless guest and reports how the guest ended
        string command = Path.Combine(AppContext.BaseDirectory, "mmuemu.dll");
        ProcessStartInfo start = new("/bin/sh", ["-c", $"{{ dotnet '{command}' run -q /bin/busybox yes; echo $? >&2; }} | head -1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // When it runs
        using Process shell = Process.Start(start)!;
        string line = shell.StandardOutput.ReadToEnd();
        string status = shell.StandardError.ReadToEnd();

        // Then the guest was killed by SIGPIPE
        line.ShouldBe("y\n");
        status.Trim().ShouldBe("141");
    }
}
