using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Tests.Debugger;

/// <summary>The words of --profile are one table: what it does not have cannot be typed, and what it has is explained.</summary>
public sealed class ProfileTextTests
{
    [Fact]
    public void Every_word_is_understood_alone_and_explained_once()
    {
        string[] lines = [.. ProfileText.Explain()];
        foreach (ProfileWord word in ProfileWords.All)
        {
            ProfileText.Parse(word.Text).ShouldBe(word.Change(KernelProfile.Default));
            lines.Count(line => line.StartsWith($"  {word.Text} ", StringComparison.Ordinal)
                && line.Contains(word.Says, StringComparison.Ordinal) && line.EndsWith($"[{word.Source}]", StringComparison.Ordinal)).ShouldBe(1, word.Text);
            word.Says.ShouldNotBeEmpty();
            word.Source.ShouldNotBeEmpty();
            ProfileText.Form.ShouldContain(word.Choice);
        }

        lines.Length.ShouldBe(ProfileWords.All.Count + 1);
        ProfileWords.All.Select(word => word.Text).ShouldBeUnique();
    }

    [Fact]
    public void No_two_words_make_the_same_profile()
    {
        ProfileWord[] naming = [.. ProfileWords.All.Where(word => word.Change(KernelProfile.Default) == KernelProfile.Default)];
        naming.ShouldAllBe(word => word.Says.EndsWith("(the default)", StringComparison.Ordinal));
        ProfileWords.All.Except(naming).GroupBy(word => word.Change(KernelProfile.Default)).Where(same => same.Count() > 1).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("run", "--profile", "help")]
    [InlineData("run", "--profile", "help", "hello")]
    [InlineData("why", "--profile", "help")]
    [InlineData("walk", "--profile", "help")]
    [InlineData("debug", "--profile", "help")]
    [InlineData("trace", "export", "--profile", "help")]
    [InlineData("pte", "decode", "--profile", "help")]
    public void Help_explains_the_words_on_every_command_that_takes_them(params string[] args)
    {
        CommandResult help = CommandHarness.Run(args);

        (help.Status, help.GuestOut, help.Error).ShouldBe((0, "", ""));
        help.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(ProfileText.Explain());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32768)]
    public void A_pool_may_have_any_number_of_huge_pages(int pages) => ProfileText.Parse($"hugepages={pages}").HugePages.ShouldBe(pages);

    [Fact]
    public void A_pool_that_RAM_has_no_room_for_is_told()
    {
        CommandResult result = CommandHarness.Run("run", "--ram", "16M", "--profile", "hugepages=100", "hello");

        result.Status.ShouldBe(0);
        result.Error.ShouldContain(" of the 100 huge pages asked for, and RAM no more free runs of 2 MiB (try: more --ram)\n");
    }

    [Theory]
    [InlineData("hugepages=0", "hugepages=16")]
    [InlineData("hugepages=-1", "hugepages=16")]
    [InlineData("hugepages=32769", "hugepages=16")]
    [InlineData("madvfre=linux45", "madvfree=linux45")]
    [InlineData("vrange=10", "vrange=v10")]
    [InlineData("userfault=2014", "userfault=uf2014")]
    [InlineData("Strict", "strict")]
    [InlineData("something-else", "help")]
    public void A_word_that_is_none_is_met_with_the_one_that_was_meant(string typed, string meant)
    {
        CommandResult result = CommandHarness.Run("run", "--profile", typed, "hello");

        result.Status.ShouldBe(2);
        result.Error.ShouldContain($"--profile '{typed}': expected one of ");
        result.Error.ShouldContain($"try: --profile {meant}");
    }

    [Theory]
    [InlineData("hugepages=0", "hugepages=1 to hugepages=32768")]
    [InlineData("kmap-pool=1", "kmap-pool=2 to kmap-pool=4096")]
    [InlineData("aa-passes=1001", "aa-passes=1 to aa-passes=1000")]
    public void A_number_out_of_its_range_is_met_with_the_range(string typed, string range) =>
        CommandHarness.Run("run", "--profile", typed, "hello").Error.ShouldContain($"--profile '{typed}': expected one of {range}\n");

    [Fact]
    public void A_family_that_is_known_names_its_own_words_only()
    {
        CommandResult result = CommandHarness.Run("run", "--profile", "madvfree=freebsd", "hello");

        result.Error.ShouldContain("expected one of madvfree=rfc2014, madvfree=linux45, madvfree=linux412\n");
    }
}
