using MmuEmu.Tests.Debugger;

namespace MmuEmu.Tests.Guests;

/// <summary>The programs about volatile files in the other ways than the catalogue's.</summary>
public sealed class FileVolatilityGuestTests
{
    [Theory]
    [InlineData("files=K", "its data", "its data", "its data", "no", "its data")]
    [InlineData("files=J", "its data", "SIGBUS", "SIGBUS", "yes", "zeros")]
    [InlineData("files=K-exit", "its data", "SIGBUS", "its data", "no", "its data")]
    public void The_bystander_finds(string profile, string closed, string open, string shared, string lost, string ofA)
    {
        string text = CommandHarness.Run("run", "-q", "--profile", profile, "bystander").GuestOut;

        string[] reads = [.. text.Split('\n').Where(line => line.Contains("5. B reads", StringComparison.Ordinal))];
        reads.ShouldBe([$"  5. B reads, and finds {closed}", $"  5. B reads, and finds {open}"], text);
        text.ShouldContain($"B read its data before, and finds {shared}\n");
        text.ShouldContain($"was anything lost? {lost}\n");
        text.ShouldEndWith($"  A finds {ofA}\n");
    }

    [Fact]
    public void The_port_from_ashmem_differs_in_the_touch_without_a_pin_alone()
    {
        string[] withVrange = CommandHarness.Run("run", "-q", "pinned-objects").GuestOut.Split('\n');
        string[] withPins = CommandHarness.Run("run", "-q", "--profile", "ashmem", "pinned-objects").GuestOut.Split('\n');

        withVrange[0].ShouldEndWith("finds SIGBUS");
        withPins[0].ShouldBe("ashmem: a touch of object 1 without a pin finds zeros");
        withPins[1..].ShouldBe(withVrange[1..]);
    }

    [Fact]
    public void Without_marks_the_shared_buffer_does_not_fit()
    {
        // To a kernel of a later posting files are nothing that can be marked
        CommandResult result = CommandHarness.Run("run", "-q", "--ram", "8M", "--swap", "0", "--profile", "vrange=v12", "shared-buffer");

        result.Status.ShouldNotBe(0);
    }

    [Fact]
    public void A_trace_names_the_modes()
    {
        string trace = CommandHarness.Run("run", "-q", "--strace", "--profile", "files=J", "bystander").Error;

        trace.ShouldContain("16384, VRANGE_VOLATILE, VRANGE_FULL_MODE) = 0");
        trace.ShouldContain(", 0, 16384, VRANGE_ISVOLATILE, VRANGE_FULL_MODE) = 1");
    }
}
