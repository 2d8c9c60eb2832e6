using MmuEmu.Guests;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>Lines of source in sessions over programs that ship, as they come, and in recordings of them.</summary>
public sealed class ShippedGuestSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mmuemu-lines-");

    [Fact]
    public void Breakpoints_and_steps_go_by_line_in_both_directions()
    {
        using MonitorScript session = new("vrange-recover");

        session.Tell("break vrange-recover.c:93").ShouldStartWith("1: breakpoint at vrange-recover.c:93 (0x");
        session.Tell("c").ShouldContain("(mmuemu.h:73 in vrange-recover.c:93)");
        string there = session.Tell("where");
        session.Tell("list").ShouldBe(session.Tell("src"));
        session.Tell("n").ShouldContain("(vrange-recover.c:99)");
        session.Tell("list").ShouldContain(">   99          wrong += ");
        session.Tell("rn").Replace("  PAST", "", StringComparison.Ordinal).ShouldBe(there);
        session.Tell("run to badfault");
        session.Tell("s").ShouldContain(" repair (vrange-recover.c:38)");
        session.Tell("finish");
        session.Tell("rs").ShouldContain("(vrange-recover.c:");
    }

    /// <summary>The register is behind the instruction by then, where the next line has begun.</summary>
    [Fact]
    public void In_a_system_call_the_line_is_that_of_the_call()
    {
        using MonitorScript session = new("vrange-recover");
        session.Tell("run to reclaim");

        session.Tell("where").ShouldContain("at 0x40133f main+0x30f (mmuemu.h:73 in vrange-recover.c:93)");
        session.Tell("src").ShouldContain("  inlined at mmuemu.h:106 in mmuemu_reclaim\n  inlined at vrange-recover.c:93 in main\n");
        session.Tell("tasks").ShouldContain("(mmuemu.h:73 in vrange-recover.c:93) in mmuemu_reclaim");
        session.Tell("seek 331862").ShouldContain("(vrange-recover.c:99)");
    }

    [Theory]
    [InlineData("hello-glibc")]
    [InlineData("hello-pie")]
    public void Programs_of_both_kinds_of_linking_have_lines(string guest)
    {
        using MonitorScript session = new(guest);

        session.Tell("break main");
        session.Tell("c").ShouldContain("main (hello.c:9)");
        session.Tell("s").ShouldContain("(hello.c:11)");
        session.Tell("rs").ShouldContain("(hello.c:10)");
    }

    /// <summary>A process that is gone by then, or has not begun, is asked where it was.</summary>
    [Fact]
    public void Faults_of_every_process_have_their_lines()
    {
        using MonitorScript session = new("cow-fork");
        session.Tell("run to task");
        session.Tell("run to task");

        session.Tell("tasks").ShouldContain("zombie");
        session.Tell("faults 40").ShouldContain("main+0x1e6 (cow-fork.c:40)");
    }

    [Fact]
    public void A_recording_of_a_program_that_ships_has_lines()
    {
        string recording = Path.Combine(_folder.FullName, "run.mmurec");
        CommandHarness.RunHere("run", "-q", "--record", recording, "vrange-recover").Status.ShouldBe(0);

        Debugged(recording).ShouldContain(">   99          wrong += *(volatile unsigned char *)(cache + offset) != byte_at(offset);");
    }

    [Fact]
    public void A_debug_file_of_another_build_says_so()
    {
        string copy = Path.Combine(_folder.FullName, "vrange-recover");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "debug"));
        File.Copy(GuestFiles.BuiltFileOf(GuestFiles.Find("vrange-recover")), copy);
        File.Copy(Path.Combine(GuestCatalogue.Folder, "debug", "hello.debug"), $"{_folder.FullName}/debug/vrange-recover.debug");

        Debugged(copy).ShouldContain($"no line is known there: {_folder.FullName}/debug/vrange-recover.debug is the debug file of another build of vrange-recover");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Debugged(string target)
    {
        string script = Path.Combine(_folder.FullName, "script");
        File.WriteAllText(script, "run to badfault\nsrc\n");
        CommandResult result = CommandHarness.RunHere("debug", "-x", script, target);
        result.Status.ShouldBe(0, result.Error);
        return result.Out;
    }
}
