using System.Text;
using System.Text.Json;
using MmuEmu.Guests;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Why;

/// <summary>Every end has a reason: the answer first, the rule, and what to type next.</summary>
public sealed class WhyTests
{
    [Fact]
    public void Every_program_that_is_wrong_on_purpose_is_explained()
    {
        StringBuilder text = new();
        foreach (GuestProgram program in GuestCatalogue.Programs.Where(program => program.Name.StartsWith("bad-", StringComparison.Ordinal) || program.Name == "oom"))
        {
            Add(text, program.Name, CommandHarness.Run("why", program.Name).Out);
        }

        GoldenFile.Check("why-guests.txt", text.ToString());
    }

    [Fact]
    public void Every_end_is_explained()
    {
        StringBuilder text = new();
        foreach ((string name, string[] options, Action<Iced.Intel.Assembler> write) in WhyGuests.All)
        {
            using AsmGuest guest = new(write);
            string folder = Path.GetDirectoryName(guest.Path)!;
            string answer = CommandHarness.Run(["why", "--root", folder, .. options, "/guest"]).Out;
            Add(text, name, answer.Replace($"--root {folder} ", "", StringComparison.Ordinal));
        }

        GoldenFile.Check("why-ends.txt", text.ToString());
    }

    [Fact]
    public void Any_incident_can_be_asked_for_and_all_are_counted()
    {
        string last = CommandHarness.Run("why", "vrange-recover").Out;
        string first = CommandHarness.Run("why", "--nth", "1", "vrange-recover").Out;
        CommandResult none = CommandHarness.Run("why", "--nth", "99", "vrange-recover");

        last.ShouldContain("--nth 1 to --nth ");
        first.ShouldContain("  count incident 1 of ");
        first.Split('\n')[0].ShouldNotBe(last.Split('\n')[0]);
        none.Out.ShouldContain("there is no incident 99: the run had ");
        none.Status.ShouldBe(120);
        CommandHarness.Run("why", "--nth", "0", "hello").Status.ShouldBe(2);
    }

    [Fact]
    public void The_last_incident_by_its_number_is_the_last_without()
    {
        JsonElement last = Json("why", "--json", "bad-privileged");
        string count = last.GetProperty("incidents").GetRawText();
        JsonElement same = Json("why", "--json", "--nth", count, "bad-privileged");

        same.GetProperty("incident").GetRawText().ShouldBe(last.GetProperty("incident").GetRawText());
    }

    [Fact]
    public void Json_is_one_document_with_the_rule_and_the_text()
    {
        JsonElement root = Json("why", "--json", "bad-jump-nx");

        root.GetProperty("schema").GetString().ShouldBe("mmuemu.why/1");
        root.GetProperty("reason").GetString().ShouldBe("Killed");
        JsonElement incident = root.GetProperty("incident");
        incident.GetProperty("signal").GetString().ShouldBe("SIGSEGV");
        incident.GetProperty("entryRule").GetString().ShouldBe("XD is set in the PTE, and EFER.NXE");
        root.GetProperty("text").EnumerateArray().Count().ShouldBeGreaterThan(5);
        Json("why", "--json", "oom").GetProperty("kill").GetProperty("candidates").GetInt32().ShouldBe(1);
        Json("why", "--json", "bad-deadlock").GetProperty("threads")[0].GetProperty("call").GetString().ShouldBe("read");
    }

    [Theory]
    [InlineData(1, true, "SIGBUS on 1 page, 1 repaired: 0x10000000")]
    [InlineData(3, true, "SIGBUS on 1 page, 1 repaired: 0x10000000")]
    [InlineData(1, false, "SIGBUS on 1 page, 0 repaired: 0x10000000")]
    [InlineData(3, false, "SIGBUS on 1 page, 0 repaired: 0x10000000")]
    public void Repaired_is_what_the_program_took_back_and_wrote_again(int times, bool writes, string expected)
    {
        using AsmGuest guest = new(c => WhyGuests.Repairs(c, times, writes));

        CommandResult result = CommandHarness.Run("run", guest.Path);

        (result.Status, result.Error).Status.ShouldBe(0, result.Error);
        result.Error.ShouldContain(expected);
    }

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CommandHarness.Run(args).Out).RootElement;

    private static void Add(StringBuilder text, string name, string answer) => text.Append("== ").Append(name).Append('\n').Append(answer).Append('\n');
}
