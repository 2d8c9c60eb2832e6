using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.House;

/// <summary>No row counts as tested in a version, size or number of threads in which no test runs.</summary>
public sealed class SpecCaseTests
{
    [Fact]
    public void Every_case_that_a_row_has_is_named_by_a_tag()
    {
        IEnumerable<string> offences =
            from line in SpecCase.All
            from wanted in line.Shown
            where !SpecCase.Tags.Any(tag => tag.Tag.Rows.Contains(line.Row) && tag.Tag.Cases.Contains(wanted))
            select $"{line.Row}: no test is tagged with {wanted}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void A_tag_of_such_a_row_names_which_of_its_cases_it_shows_and_none_that_the_row_does_not_list()
    {
        IEnumerable<string> offences =
            from line in SpecCase.All
            from tag in SpecCase.Tags
            where tag.Tag.Rows.Contains(line.Row) && !tag.Tag.Cases.Any(line.Shown.Contains)
            select $"{tag.Where}: a tag of {line.Row} names one of {string.Join(' ', line.Shown)}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void A_row_with_open_cases_is_tagged_as_a_part_and_no_other_row_is()
    {
        string[] parts = [.. SpecCase.All.Where(line => line.Open.Count > 0).Select(line => line.Row)];
        IEnumerable<string> offences =
            from tag in SpecCase.Tags
            from row in tag.Tag.Rows
            where parts.Contains(row) != tag.Tag is SpecPartAttribute
            select $"{tag.Where}: {row} {(parts.Contains(row) ? "has open cases: [SpecPart]" : "has none: [Spec]")}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void A_row_is_listed_once_and_a_case_is_either_shown_or_open()
    {
        SpecCase.All.GroupBy(line => line.Row).Where(rows => rows.Count() > 1).Select(rows => rows.Key).ShouldBeEmpty();
        SpecCase.All.Where(line => line.Shown.Concat(line.Open).Distinct().Count() != line.Shown.Count + line.Open.Count).ShouldBeEmpty();
        SpecCase.All.Where(line => line.Shown.Count + line.Open.Count == 0).ShouldBeEmpty();
    }

    [Fact]
    public void A_tag_that_names_what_did_not_run_is_refused_when_the_test_ends()
    {
        using VrangeHarness h = new(new MmOptions { Cpus = 2, Profile = new KernelProfile { MadvFree = MadvFreeVersion.Linux45 } });
        _ = h.Mm.Touch(h.Word, cpu: 0);

        MissingWith(new SpecAttribute("F-081") { Profile = "linux45 uf2014 v10" }).ShouldBeEmpty();
        MissingWith(new SpecAttribute("F-081") { Profile = "linux412 linux45" }).ShouldBe(["linux412"]);
        MissingWith(new SpecAttribute("R-084") { Threads = 2, Cpus = 2 }).ShouldBe(["threads=2", "cpus=2"]);
        MissingWith(new SpecAttribute("T-023") { Sizes = "2M" }).ShouldBe(["2M"]);

        _ = h.Mm.Touch(h.Word, cpu: 1);
        MissingWith(new SpecAttribute("R-088") { Cpus = 2 }).ShouldBeEmpty();
    }

    [Fact]
    public void A_version_that_nobody_can_choose_does_not_count_as_run()
    {
        WhatRan.Now.Vrange(new KernelProfile { Vrange = (VrangeVersion)98 });
        WhatRan.Now.EntryFormat((VrangeVersion)98);
        WhatRan.Now.Vrange(new KernelProfile { Vrange = VrangeVersion.V12 });

        MissingWith(new SpecAttribute("V-048") { Profile = "98 98-entry v12" }).ShouldBe(["98"]);
    }

    private static string[] MissingWith(SpecAttribute tag) => [.. tag.MissingFrom(WhatRan.Now)];
}
