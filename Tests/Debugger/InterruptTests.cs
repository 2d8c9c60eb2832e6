using System.Diagnostics;
using System.Text.Json;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.Debugger;

/// <summary>A run that the host ends: by time, or by SIGINT. What is known until then is told.</summary>
public sealed class InterruptTests
{
    private static readonly byte[] ForEver = [0xEB, 0xFE];

    [Fact]
    public void A_timeout_ends_a_guest_that_loops_for_ever_and_still_prints_its_counters()
    {
        string file = Looping();

        CommandResult result = Run("run", "--timeout", "0.3", "--stats", file);

        result.Status.ShouldBe(124);
        result.Error.ShouldContain("stopped by --timeout 0.3 at t=");
        result.Error.ShouldContain("instructions");
    }

    [Fact]
    public void A_timeout_ends_the_json_document_in_good_order()
    {
        CommandResult result = Run("run", "--timeout", "0.3", "--json", Looping());

        JsonElement root = JsonDocument.Parse(result.Out).RootElement;
        root.GetProperty("reason").GetString().ShouldBe("TimedOut");
        root.GetProperty("exitCode").GetInt32().ShouldBe(124);
        root.GetProperty("t").GetUInt64().ShouldBeGreaterThan(1000UL);
    }

    [Fact]
    public void A_timeout_ends_walk_and_why_too()
    {
        string file = Looping();

        CommandResult walk = Run("walk", "--timeout", "0.2", file, "0x400000", "--at", "mark:never");
        walk.Status.ShouldBe(124);
        walk.Out.ShouldContain("PTE[");
        Run("why", "--timeout", "0.2", file).Status.ShouldBe(124);
    }

    [Fact]
    public void A_timeout_that_does_not_come_changes_nothing() =>
        CommandHarness.Run("run", "--timeout", "1000", "hello").Error.ShouldBeEmpty();

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("99999999999")]
    public void A_timeout_that_is_no_time_is_refused(string seconds)
    {
        CommandResult result = CommandHarness.Run("run", "--timeout", seconds, "hello");

        result.Status.ShouldBe(2);
        result.Error.ShouldContain("try: ");
    }

    [Fact]
    public void SIGINT_ends_the_run_between_two_steps()
    {
        Ran ran = RunShell($"timeout -s INT 2 {Program} run --json '{Looping()}'");

        JsonElement root = JsonDocument.Parse(ran.Out).RootElement;
        root.GetProperty("reason").GetString().ShouldBe("Interrupted");
        root.GetProperty("exitCode").GetInt32().ShouldBe(130);
    }

    [Fact]
    public void A_guest_that_waits_for_input_hears_of_the_timeout()
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "needs busybox: apt-get install busybox-static");

        RunShell($"sleep 5 | {{ {Program} run --timeout 0.3 /bin/busybox cat; echo $?; }}").Out.ShouldBe("124\n");
    }

    [Fact]
    public void The_hint_of_a_killed_guest_is_the_whole_command_line()
    {
        // Given a guest that an argument and options of its own went with
        CommandResult killed = CommandHarness.Run("run", "--ram", "64M", "--env", "A=b c", "--pressure", "every 100 insns: age", "bad-null", "it's", "x y");
        string hint = killed.Error[killed.Error.IndexOf("mmuemu why ", StringComparison.Ordinal)..].Trim();

        // Then all of it is in the hint, quoted for a shell, and the hint of the hint too
        hint.ShouldBe("mmuemu why --ram 64M --pressure 'every 100 insns: age' --env 'A=b c' bad-null 'it'\\''s' 'x y'");
        string next = CommandHarness.Run("why", "--ram", "64M", "--env", "A=b c", "--pressure", "every 100 insns: age", "bad-null", "x y").Out;
        next.ShouldContain("mmuemu run --trace fault,signal,reclaim --ram 64M --pressure 'every 100 insns: age' --env 'A=b c' bad-null 'x y'");
        next.ShouldContain("mmuemu walk --ram 64M --pressure 'every 100 insns: age' --env 'A=b c' bad-null 0x");
        next.TrimEnd().ShouldEndWith(" -- 'x y'");
    }

    [Fact]
    public void Walk_gives_the_guest_its_arguments()
    {
        string without = CommandHarness.Run("walk", "hello", "0x401000").Out.Split(',')[0];
        string with = CommandHarness.Run("walk", "hello", "0x401000", "--", "a", "--at").Out.Split(',')[0];

        with.ShouldNotBe(without, "the guest prints its arguments, which takes instructions");
    }

    private static string Program => NativeProgram.File ?? $"dotnet '{Path.Combine(AppContext.BaseDirectory, "mmuemu.dll")}'";

    /// <summary>In this process alone: how far a run gets in a time differs from one run to the next.</summary>
    private static CommandResult Run(params string[] args) => CommandHarness.RunHere(args);

    private static string Looping()
    {
        string file = Path.Combine(Path.GetTempPath(), "mmuemu-for-ever");
        lock (ForEver)
        {
            if (!File.Exists(file))
            {
                File.WriteAllBytes(file, TinyElf.Around(ForEver));
            }
        }

        return file;
    }

    private static Ran RunShell(string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell");
        ProcessStartInfo start = new("/bin/sh", ["-c", line]) { RedirectStandardOutput = true };
        using Process shell = Process.Start(start)!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return new Ran(shell.ExitCode, output);
    }

    private readonly record struct Ran(int Status, string Out);
}
