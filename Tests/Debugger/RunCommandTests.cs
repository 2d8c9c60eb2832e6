using System.Text.Json;

namespace MmuEmu.Tests.Debugger;

public sealed class RunCommandTests
{
    [Fact]
    public void Vrange_recover_ends_well_and_tells_what_was_purged_and_repaired()
    {
        CommandResult result = CommandHarness.Run("run", "vrange-recover");

        result.Status.ShouldBe(0);
        result.Error.ShouldContain("purged under memory pressure");
        result.Error.ShouldContain(" repaired: 0x");
        result.Out.ShouldBeEmpty();
    }

    [Fact]
    public void A_trace_shows_the_purged_entry_and_the_signal_at_the_exact_byte()
    {
        // Given a traced run
        string[] lines = CommandHarness.Run("run", "--trace", "fault,walk,signal", "vrange-recover").Error.Split('\n');

        // When the first purged fault is found
        int fault = Array.FindIndex(lines, line => line.Contains(" purged -> SIGBUS", StringComparison.Ordinal));
        fault.ShouldBeGreaterThan(0);
        string address = lines[fault].Split(' ').First(word => word.StartsWith("0x", StringComparison.Ordinal));

        // Then its walk ends in the purged entry's raw value, and the signal carries the same byte
        lines.Skip(fault).Take(5).ShouldContain(line => line.Contains("0x000000000000003e", StringComparison.Ordinal));
        lines.Skip(fault).ShouldContain(line => line.Contains($"SIGBUS {{si_code=BUS_ADRERR, si_addr={address}}}", StringComparison.Ordinal));
    }

    [Fact]
    [Spec("C-902")]
    public void Two_runs_with_the_same_arguments_give_byte_identical_json()
    {
        string[] args = ["run", "--json", "--trace", "all", "--pressure", "every 5000 insns: age", "vrange-recover"];

        string first = CommandHarness.Run(args).Out;
        string second = CommandHarness.Run(args).Out;

        second.ShouldBe(first);
        JsonElement root = JsonDocument.Parse(first).RootElement;
        root.GetProperty("schema").GetString().ShouldBe("mmuemu.run/2");
        root.GetProperty("exitCode").GetInt32().ShouldBe(0);
        root.GetProperty("events").GetArrayLength().ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Stats_prints_faults_walks_references_and_cycles_that_add_up()
    {
        string text = CommandHarness.Run("run", "--stats", "page-touch").Error;

        text.ShouldContain("page-faults");
        text.ShouldContain("walk-references");
        text.ShouldContain("cycles");
        text.ShouldContain("100.00 %");
    }

    [Fact]
    public void Json_alone_keeps_the_guests_output_inside_the_document()
    {
        CommandResult result = CommandHarness.Run("run", "--json", "hello", "you");

        result.GuestOut.ShouldBeEmpty();
        JsonDocument.Parse(result.Out).RootElement.GetProperty("stdout").GetString()!.ShouldContain("you");
    }

    [Theory]
    [InlineData("run", "-q")]
    [InlineData("--color", "never", "run", "-q")]
    [InlineData("run", "-q", "--color=never")]
    public void Options_end_at_the_guest(params string[] before)
    {
        CommandResult result = CommandHarness.Run([.. before, "hello", "--stats", "--", "-q"]);

        (result.Status, result.Error).ShouldBe((0, ""));
        result.GuestOut.ShouldBe("Hello from a guest.\nargument 1: --stats\nargument 2: --\nargument 3: -q\n");
    }

    [Fact]
    public void Why_explains_the_last_fault_with_its_walk()
    {
        CommandResult result = CommandHarness.Run("why", "--tlb", "nocache", "bad-null");

        result.Status.ShouldBe(0);
        result.Out.ShouldContain("SIGSEGV {si_code=SEGV_MAPERR");
        result.Out.ShouldContain("PML4E[");
        result.GuestOut.ShouldBeEmpty();
    }

    [Fact]
    public void A_killed_guest_ends_with_128_and_its_signal_and_says_why_to_ask()
    {
        CommandResult result = CommandHarness.Run("run", "bad-null");

        result.Status.ShouldBe(128 + 11);
        result.Error.ShouldContain("killed by SIGSEGV");
        result.Error.ShouldContain("mmuemu why bad-null");
    }

    [Fact]
    public void Walk_shows_the_entries_and_what_each_access_would_meet()
    {
        CommandResult result = CommandHarness.Run("walk", "hello", "0x401000");

        result.Status.ShouldBe(0);
        result.Out.ShouldContain("PTE[001]");
        result.Out.ShouldContain("user read     allowed");
        result.Out.ShouldContain("user write    #PF 0x7");
    }

    [Theory]
    [InlineData("end")]
    [InlineData("500")]
    [InlineData("syscall:writev#1")]
    [InlineData("fault:2")]
    public void Walk_stops_at_any_point_of_the_run(string at) =>
        CommandHarness.Run("walk", "hello", "0x7fff00000000", "--at", at).Status.ShouldBe(0);
}
