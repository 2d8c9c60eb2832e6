using System.Text.Json.Nodes;
using Iced.Intel;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Debugger;

/// <summary><c>run --from</c>: the run of a report is run again, to the byte.</summary>
public sealed class RepeatedRunTests
{
    private const int Chunk = 4096;

    /// <summary>T at which a run without system calls can be paused for the first time.</summary>
    private const int OwnMoment = 1 << 18;

    public static TheoryData<string> Lines =>
    [
        "hello", "vrange-recover", "bad-null", "lost-update", "--max-insns 1000 hello", "--cpu v3,vendor=intel hello-glibc",
        "--ram 64M --swap 1M --profile strict,madvfree=linux412 --tlb maxstale --preset tiny --quantum 500 --seed 7 --cpus 2 --env A=b --env C= hello a --json",
        "--pressure|every 100 insns: age|--pressure|at mark nowhere: purge|hello", "--allow-unfired --pressure|at mark nowhere: purge|hello",
        "--trace fault,walk --stats hello", "--strace hello",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_run_of_a_report_gives_the_same_report_and_the_same_text(string line)
    {
        string[] words = line.Contains('|', StringComparison.Ordinal) ? [.. line.Split('|').SelectMany((part, i) => i == 0 ? part.Split(' ') : [part])] : line.Split(' ');
        using ReportedRun first = ReportedRun.Of(words);

        first.Again("--json").ShouldBe(first.Result);
        first.Again().ShouldBe(CommandHarness.Run(["run", .. words]));
    }

    [Fact]
    public void A_program_of_the_host_is_run_again_with_its_arguments_byte_for_byte()
    {
        using AsmGuest guest = new(PrintFirstArgument);
        string word = GuestText.Of([(byte)'a', 0xFF, 0xC3, (byte)'"', 0x01]);
        using ReportedRun first = ReportedRun.With(new ScriptedInput(), guest.Path, word);

        first.Json()["arguments"]![0]!["base64"]!.GetValue<string>().ShouldBe(Convert.ToBase64String([(byte)'a', 0xFF, 0xC3, (byte)'"', 0x01]));
        ReportedRun.Run(new ScriptedInput(), "run", "--json", "--from", first.File).ShouldBe(first.Result);
    }

    [Fact]
    public void What_is_told_may_be_asked_for_anew()
    {
        using ReportedRun first = ReportedRun.Of("--trace", "fault", "vrange-recover");

        first.Again("--trace", "signal", "-q", "--timeout", "1000").ShouldBe(CommandHarness.Run("run", "-q", "--trace", "signal", "vrange-recover"));
        first.Again("--stats").ShouldBe(CommandHarness.Run("run", "--trace", "fault", "--stats", "vrange-recover"));
    }

    [Fact]
    public void A_run_that_time_ended_is_ended_at_the_same_instruction()
    {
        using AsmGuest guest = new(LoopForEver);
        using ReportedRun first = ReportedRun.CutShort(OwnMoment, "--pressure", "at mark nowhere: age", guest.Path);

        (first.Result.Status, first.Json()["t"]!.GetValue<int>(), first.Json()["reason"]!.GetValue<string>()).ShouldBe((124, OwnMoment, "TimedOut"));
        first.Json()["diagnostics"]![0]!.GetValue<string>().ShouldBe("stopped by --timeout 0.5");
        first.Json()["unfired"]!.AsArray().Count.ShouldBe(1);
        first.Again("--json").ShouldBe(first.Result);
        first.Again().Error.ShouldContain($": stopped by --timeout 0.5 at t={OwnMoment}\n");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("abc", "d", "ef")]
    [InlineData("abc", "", "d")]
    [InlineData("a\u00ff\u0000")]
    [InlineData]
    public void What_the_guest_read_is_given_again_by_the_same_reads(params string[] reads)
    {
        using AsmGuest guest = new(EchoSixReads);
        using ReportedRun first = ReportedRun.With(new ScriptedInput(reads), guest.Path);

        first.Json()["stdin"]!["bytes"]!.GetValue<int>().ShouldBe(reads.Sum(read => read.Length));
        ReportedRun.Run(new ScriptedInput("not this"), "run", "--json", "--from", first.File).ShouldBe(first.Result);
    }

    [Theory]
    [InlineData(257)]
    [InlineData(256)]
    public void More_input_than_a_report_keeps_has_to_come_again(int chunks)
    {
        using AsmGuest guest = new(ReadToTheEnd);
        string[] reads = [.. Enumerable.Repeat(new string('x', Chunk), chunks)];
        using ReportedRun first = ReportedRun.With(new ScriptedInput(reads), guest.Path);
        bool kept = first.Json()["stdin"]!["data"] is not null;

        kept.ShouldBe(chunks * Chunk <= RecordedInput.MostBytes);
        ReportedRun.Run(new ScriptedInput(reads), "run", "--json", "--from", first.File).ShouldBe(first.Result);
        CommandResult without = first.Again();
        without.Status.ShouldBe(kept ? 0 : 2);
        if (!kept)
        {
            without.Error.ShouldContain($"expected {chunks * Chunk} bytes with SHA-256 {first.Json()["stdin"]!["sha256"]}, found 0 with e3b0c442");
        }
    }

    [Fact]
    public void A_program_below_a_root_folder_is_found_through_its_links()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs symbolic links");
        DirectoryInfo root = Directory.CreateTempSubdirectory("mmuemu-root");
        try
        {
            string program = Path.Combine(root.CreateSubdirectory("bin").FullName, "program");
            File.WriteAllBytes(program, AssembledGuest.Build(c => c.Exit(121)));
            File.CreateSymbolicLink(Path.Combine(root.FullName, "up"), "../bin/./program");
            using ReportedRun first = ReportedRun.Of("--root", $"{root.FullName}/bin/..", "/up");

            first.Json()["programSha256"]!.GetValue<string>().ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(program))));
            first.Json()["run"]!["options"]!["--root"]!.ToJsonString().ShouldBe($$"""{"value":"{{root.FullName}}","by":"typed","written":"{{root.FullName}}/bin/.."}""");
            first.Again("--json").ShouldBe(first.Result);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_run_that_is_not_the_one_of_the_report_is_no_success()
    {
        using ReportedRun first = ReportedRun.Of("hello");
        first.Change(report => report["t"] = 1);

        CommandResult again = first.Again();

        again.Status.ShouldBe(120);
        again.Error.ShouldContain("this is not the run of '");
    }

    [Fact]
    public void Another_version_is_told_and_runs()
    {
        using ReportedRun first = ReportedRun.Of("hello");
        first.Change(report => report["version"] = "0.0.1");

        CommandResult again = first.Again();

        again.Status.ShouldBe(0);
        again.Error.ShouldBe($"mmuemu: '{first.File}' was written by version 0.0.1, this is {first.Result.Out.Split("\"version\": \"")[1].Split('"')[0]}: the run may differ\n");
    }

    [Fact]
    public void Hints_are_those_of_the_command_line_that_was_typed()
    {
        using ReportedRun first = ReportedRun.Of("--seed", "3", "bad-null", "x y");

        first.Again().Error.ShouldContain("explained by: mmuemu why --seed 3 bad-null 'x y'");
        first.Json()["run"]!["options"]!["--seed"]!.ToJsonString().ShouldBe("""{"value":"3","by":"typed"}""");
        first.Json()["run"]!["options"]!["--ram"]!.ToJsonString().ShouldBe("""{"value":"1G","by":"default"}""");
    }

    [Fact]
    public void A_guest_status_is_told_from_one_of_the_command()
    {
        using AsmGuest guest = new(c => c.Exit(124));
        using ReportedRun own = ReportedRun.Of(guest.Path);
        using ReportedRun limit = ReportedRun.Of("--max-insns", "10", "hello");

        (own.Result.Status, limit.Result.Status).ShouldBe((124, 124));
        own.Json()["end"]!.ToJsonString().ShouldBe("""{"kind":"exited","status":124}""");
        limit.Json()["end"]!.ToJsonString().ShouldBe("""{"kind":"limit","instructions":10}""");
        foreach (JsonNode report in (JsonNode[])[own.Json(), limit.Json()])
        {
            (report["status"]!.GetValue<int>(), report["exitCode"]!.GetValue<int>()).ShouldBe((124, 124));
        }
    }

    private static void LoopForEver(Assembler c)
    {
        Label again = c.CreateLabel();
        c.Label(ref again);
        c.jmp(again);
    }

    private static void PrintFirstArgument(Assembler c)
    {
        c.mov(rsi, __[rsp + 16]);
        c.mov(edi, 1);
        c.mov(edx, 5);
        c.mov(eax, 1);
        c.syscall();
        c.Exit(0);
    }

    private static void EchoSixReads(Assembler c)
    {
        for (int i = 0; i < 6; i++)
        {
            c.Call(0, 0, AssembledGuest.Data, 64);
            c.mov(rdx, rax);
            c.mov(edi, 1);
            c.mov(esi, (uint)AssembledGuest.Data);
            c.mov(eax, 1);
            c.syscall();
        }

        c.Exit(0);
    }

    private static void ReadToTheEnd(Assembler c)
    {
        Label again = c.CreateLabel();
        c.Label(ref again);
        c.Call(0, 0, AssembledGuest.Data, Chunk);
        c.test(rax, rax);
        c.jne(again);
        c.Exit(0);
    }
}
