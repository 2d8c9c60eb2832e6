using MmuEmu.Tests.Golden;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>gdb itself, from its first packet to its last, and what it prints.</summary>
public sealed class GdbTranscriptTests
{
    [Fact]
    public async Task A_purge_is_found_by_going_back_from_the_signal_to_the_write_of_its_entry()
    {
        GdbTranscript.NeedGdb();

        GoldenFile.Check("gdb/vrange-recover.txt", await GdbTranscript.Of("vrange-recover.gdb", "vrange-recover"));
    }

    [Fact]
    public async Task Source_is_stepped_through_in_both_directions() =>
        GoldenFile.Check("gdb/source.txt", await OfSource(Path.Combine("Guests", "src", "fib.c"), "source.gdb", "5"));

    [Fact]
    public async Task Memory_is_watched_when_it_is_read_and_when_it_is_written_in_both_directions() =>
        GoldenFile.Check("gdb/watchpoints.txt", await OfSource(Path.Combine("Tests", "Data", "gdb", "watched.c"), "watchpoints.gdb", ""));

    [Fact]
    public async Task Entries_of_page_tables_are_watched_whoever_writes_them()
    {
        GdbTranscript.NeedGdb();

        GoldenFile.Check("gdb/table.txt", await GdbTranscript.Of("table.gdb", "vrange-recover"));
    }

    [Fact]
    public async Task A_child_is_followed_to_its_end()
    {
        GdbTranscript.NeedGdb();

        GoldenFile.Check("gdb/child.txt", await GdbTranscript.Of("child.gdb", "cow-fork"));
    }

    [Fact]
    public async Task Processes_are_followed()
    {
        GdbTranscript.NeedGdb();

        GoldenFile.Check("gdb/cow-fork.txt", await GdbTranscript.Of("cow-fork.gdb", "cow-fork", "set detach-on-fork off", "set schedule-multiple on"));
    }

    [Fact]
    public async Task Threads_are_shown_and_switched_between()
    {
        GdbTranscript.NeedGdb();

        GoldenFile.Check("gdb/threads.txt", await GdbTranscript.Of("threads.gdb", "--seed 7 pthread-mix-glibc"));
    }

    [Fact]
    public async Task The_script_that_ships_gives_gdb_its_commands()
    {
        GdbTranscript.NeedGdb();
        string script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, CommandHarness.Run("gdbinit").Out, TestContext.Current.CancellationToken);

        GoldenFile.Check("gdb/gdbinit.txt", await GdbTranscript.Of("gdbinit.gdb", "vrange-recover", $"source {script}"));
        File.Delete(script);
    }

    [Fact]
    public async Task A_program_that_ships_has_lines_and_the_script_finds_their_text()
    {
        GdbTranscript.NeedGdb();
        string script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, CommandHarness.Run("gdbinit").Out, TestContext.Current.CancellationToken);

        GoldenFile.Check("gdb/shipped.txt", await GdbTranscript.Of("shipped.gdb", "vrange-recover", $"source {script}"));
        File.Delete(script);
    }

    [Fact]
    public async Task Lldb_stops_reads_and_leaves()
    {
        Assert.SkipUnless(HostProcess.Exists("lldb"), "needs lldb: apt-get install -y lldb");
        ServedRun server = ServedRun.Start("hello");
        string script = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            script,
            $"gdb-remote {server.Port}\nregister read rip pte\nthread step-inst\nregister read icount\nthread list\nmemory region $pc\nprocess detach\n",
            TestContext.Current.CancellationToken);

        HostRun run = await HostProcess.Run("lldb", "-b", "-s", script);
        File.Delete(script);
        await server.Stop();

        run.Output.ShouldContain("Process 1000 stopped");
        run.Output.ShouldContain("icount = 0x0000000000000001");
        run.Output.ShouldContain("r-x /guests/hello");
        run.Output.ShouldContain("Process 1000 detached");
    }

    /// <summary>What gdb prints for a program of one source file that is compiled here, without what differs from one compiler to the next.</summary>
    private static async Task<string> OfSource(string file, string script, string arguments)
    {
        GdbTranscript.NeedGdb();
        Assert.SkipUnless(HostProcess.Exists("gcc"), "needs gcc: apt-get install -y gcc libc6-dev");
        string source = Path.Combine(SourceTree.Root, file);
        string name = Path.GetFileNameWithoutExtension(file);
        string program = Path.Combine(Directory.CreateTempSubdirectory("mmuemu-gdb").FullName, name);
        (await HostProcess.Run("gcc", "-g", "-O0", "-static", source, "-o", program)).ExitCode.ShouldBe(0);

        string transcript = await GdbTranscript.Of(script, $"{program} {arguments}".TrimEnd());

        Directory.Delete(Path.GetDirectoryName(program)!, true);
        return GdbTranscript.WithoutPlaces(transcript).Replace(program, name, StringComparison.Ordinal).Replace(source, $"{name}.c", StringComparison.Ordinal);
    }
}
