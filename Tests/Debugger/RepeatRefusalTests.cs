using System.Text.Json.Nodes;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger;

/// <summary>What <c>run --from</c> refuses: what was expected, what was found, what to type.</summary>
public sealed class RepeatRefusalTests
{
    [Theory]
    [InlineData("", "is empty; expected the report of a run")]
    [InlineData("hello", "expected JSON, found something else in line 1")]
    [InlineData("{\n  \"schema\": \"mmuemu.run/2\",\n  \"arg", "is cut short: expected the whole report of a run, found its first 36 bytes")]
    [InlineData("{\n\"guest\": \"\\ud800\"}", "expected text in UTF-8, found a string that is none in line 2")]
    [InlineData("[]", "expected \"schema\": \"mmuemu.run/2\", found no schema")]
    [InlineData("{\"schema\": \"mmuemu.cpu/1\"}", "expected \"schema\": \"mmuemu.run/2\", found \"mmuemu.cpu/1\"")]
    [InlineData("{\"schema\": \"mmuemu.run/3\"}", "is of a newer schema: expected mmuemu.run/2, found mmuemu.run/3")]
    [InlineData("{\"schema\": \"mmuemu.run/1\"}", "is of an older schema, which does not hold all that made the run: expected mmuemu.run/2, found mmuemu.run/1")]
    [InlineData("{\"schema\": \"mmuemu.run/2\"}", "at run expected a value, found nothing")]
    [InlineData("{\"schema\": \"mmuemu.run/2\", \"run\": {\"guest\": 7}}", "at run.guest expected a text, found 7")]
    public void A_file_that_is_no_report(string text, string words)
    {
        using ReportedRun run = ReportedRun.Of("hello");
        run.Write(text);

        Refused(run.Again(), 2).ShouldContain(words);
    }

    [Fact]
    public void A_file_that_is_not_there() => Refused(CommandHarness.Run("run", "--from", "/no/such/run.json"), 2).ShouldContain("cannot read '/no/such/run.json'");

    [Theory]
    [InlineData("hello", "GUEST 'hello' beside --from")]
    [InlineData("--ram 8M", "--ram beside --from")]
    [InlineData("--env A=b", "--env beside --from")]
    [InlineData("--cpus 1", "--cpus beside --from")]
    public void What_would_make_it_another_run(string words, string told)
    {
        using ReportedRun run = ReportedRun.Of("hello");

        string error = Refused(run.Again(words.Split(' ')), 2);
        error.ShouldContain(told);
        error.ShouldContain("the report says what runs and how");
        error.ShouldContain("--json, --quiet, --color, --timeout, --allow-unfired, --trace, --strace, --stats");
    }

    [Fact]
    public void Neither_a_guest_nor_a_report() => Refused(CommandHarness.Run("run"), 2).ShouldContain("Required argument 'GUEST' missing for command: 'run'.");

    [Fact]
    public void A_guest_that_changed_or_is_gone()
    {
        using AsmGuest guest = new(c => c.Exit(3));
        using ReportedRun run = ReportedRun.Of(guest.Path);
        string then = run.Json()["programSha256"]!.GetValue<string>();
        run.Again().Status.ShouldBe(3);

        using (AsmGuest other = new(c => c.Exit(4)))
        {
            File.Move(other.Path, guest.Path, overwrite: true);
        }

        Refused(run.Again(), 127).ShouldMatch($"the guest .*: expected SHA-256 {then}, found [0-9a-f]{{64}}\n");
        File.Delete(guest.Path);
        Refused(run.Again(), 127).ShouldContain($"expected SHA-256 {then}, found no file that can be read");
    }

    [Fact]
    public void A_program_that_ships_and_is_another_one_now()
    {
        using ReportedRun run = ReportedRun.Of("hello");
        string now = run.Json()["programSha256"]!.GetValue<string>();
        string then = new('0', 64);
        run.Change(report => report["programSha256"] = then);

        Refused(run.Again(), 127).ShouldContain($"expected SHA-256 {then}, found {now}");
    }

    [Fact]
    public void A_file_of_the_host_that_changed()
    {
        using AsmGuest guest = new(c => c.Exit(3));
        using ReportedRun run = ReportedRun.Of(guest.Path);
        run.Change(report => report["files"]!.AsArray().Add(new JsonObject { ["path"] = "/no/such/library.so", ["sha256"] = new string('1', 64) }));

        Refused(run.Again(), 127).ShouldContain($"/no/such/library.so is not as it was for '{run.File}': expected SHA-256 {new string('1', 64)}, found no file");
    }

    [Fact]
    public void A_working_folder_that_is_gone()
    {
        using AsmGuest guest = new(c => c.Exit(3));
        using ReportedRun run = ReportedRun.Of(guest.Path);
        run.Json()["run"]!["workingFolder"]!.GetValue<string>().ShouldBe(Environment.CurrentDirectory);
        run.Change(report => report["run"]!["workingFolder"] = "/no/such folder");

        Refused(run.Again(), 2).ShouldContain("expected /no/such folder, found no such folder\n        try: mkdir -p '/no/such folder'");
    }

    [Theory]
    [InlineData("--ram", "1Gi", "--ram '1Gi': expected a number of bytes")]
    [InlineData("--rum", "1G", "the report's options are not understood")]
    public void An_option_that_this_version_does_not_know(string name, string value, string words)
    {
        using ReportedRun run = ReportedRun.Of("hello");
        run.Change(report => report["run"]!["options"]![name] = new JsonObject { ["value"] = value, ["by"] = "typed" });

        Refused(run.Again(), 2).ShouldContain(words);
    }

    private static string Refused(CommandResult result, int status)
    {
        result.Status.ShouldBe(status);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldContain("\n        try: ");
        return result.Error;
    }
}
