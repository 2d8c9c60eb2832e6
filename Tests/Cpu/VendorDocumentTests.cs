using System.Reflection;
using System.Text;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Fuzz.Records;
using MmuEmu.Tests.Golden;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Cpu;

/// <summary>docs/vendors.md: the table of habits with their tests, what is not known, and what still differs from records.</summary>
public sealed class VendorDocumentTests
{
    [Fact]
    public void What_differs_between_makers_is_written_down() => GoldenFile.CheckAt("docs/vendors.md", Document());

    [Fact]
    public void Every_habit_has_one_row_and_a_test()
    {
        CpuHabits[] habits = [.. Enum.GetValues<CpuHabits>().Where(habit => habit != CpuHabits.None)];

        CpuHabitTable.Rows.Select(row => row.Habit).ShouldBe(habits, ignoreOrder: true);
        habits.Where(habit => TestsOf(habit).Length == 0).ShouldBeEmpty();
    }

    [Fact]
    public void The_makers_have_their_habits_and_share_none()
    {
        CpuHabits amd = CpuModels.Max.Habits;
        CpuHabits intel = CpuModels.Max.MadeBy(CpuVendor.Intel).Habits;

        (amd & intel).ShouldBe(CpuHabits.None);
        (amd | intel).ShouldBe(CpuHabitTable.Rows.Where(row => row.Has is not null).Aggregate(CpuHabits.None, (all, row) => all | row.Habit));
    }

    private static string Document()
    {
        StringBuilder text = new("""
            # What the makers' processors do differently

            `--cpu MODEL,vendor=amd` (the default) and `vendor=intel` choose whose processor is emulated. What an instruction does where the
            architecture leaves a choice is a *habit*: one named value, looked at when code is decoded. `mmuemu cpu MODEL,vendor=intel` lists
            those of a model. A run gives the same bytes on every host, whoever made the host.

            Printed from `CpuHabitTable`, `CpuOpenQuestions` and `RecordReasons`; `MMUEMU_UPDATE_GOLDEN=1 dotnet test Tests` writes it again.

            *Measured* means recorded: the fuzzer's programs on an AMD EPYC of family 25, model 17 (Zen 4) and on an Intel of family 6, model 207
            (Raptor Cove). A selection is in `Tests/Data/records`, and every byte of it is compared on every host, for both makers; a host of a
            recorded generation also runs the programs itself.

            ## Habits

            | what | AMD | Intel | known from | test |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (CpuHabitRow row in CpuHabitTable.Rows)
        {
            text.Append($"| {row.Subject} | {row.Amd} | {row.Intel} | {row.Source} | {string.Join(", ", TestsOf(row.Habit))} |\n");
        }

        text.Append("\n## Not known\n\nNeither a record nor a manual tells; nothing is claimed, and the model has to do something.\n\n| what | whose | the model |\n|---|---|---|\n");
        foreach (CpuOpenQuestion open in CpuOpenQuestions.Rows)
        {
            text.Append($"| {open.Subject} | {(open.Vendor == CpuVendor.Amd ? "AMD" : "Intel")} | *not known*: {open.Here} |\n");
        }

        AppendRecords(text);
        return text.ToString();
    }

    private static void AppendRecords(StringBuilder text)
    {
        text.Append("\n## What still differs from the records\n\n");
        foreach (CpuVendor vendor in (CpuVendor[])[CpuVendor.Amd, CpuVendor.Intel])
        {
            List<RecordedDifference> found = [.. RecordData.Names.SelectMany(name => RecordData.Differences(name, vendor))];
            int cases = RecordData.Names.Sum(name => RecordData.Program(name).CaseCount);
            text.Append($"{(vendor == CpuVendor.Amd ? "AMD" : "Intel")}: of {cases:N0} records in the tests {found.Count} differ.\n\n| form | records | fields | why |\n|---|--:|---|---|\n");
            foreach (IGrouping<string, RecordedDifference> form in found.GroupBy(one => one.Form).OrderBy(form => form.Key, StringComparer.Ordinal))
            {
                string fields = string.Join(", ", form.SelectMany(one => one.Sort.Split(", ")).Distinct().Order(StringComparer.Ordinal));
                string why = string.Join("; ", form.Select(one => RecordReasons.Of(one)?.Why ?? "not explained").Distinct());
                text.Append($"| `{form.Key}` | {form.Count()} | {fields} | {why} |\n");
            }

            text.Append('\n');
        }

        text.Append(File.ReadAllText(Path.Combine(SourceTree.Root, "Tests", "Data", "records", "long-run.md")));
    }

    private static string[] TestsOf(CpuHabits habit) =>
    [
        .. from type in typeof(VendorDocumentTests).Assembly.GetTypes()
           from member in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Cast<MemberInfo>().Append(type)
           where member.GetCustomAttribute<HabitAttribute>() is { } named && (named.Habits & habit) != 0
           orderby type.Name
           group type by type.Name into named
           select named.Key,
    ];
}
