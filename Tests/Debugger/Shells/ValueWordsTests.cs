using System.CommandLine;
using System.CommandLine.Completions;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Commands;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Shells;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>The words of values, as the tree carries them.</summary>
public sealed class ValueWordsTests
{
    private static readonly string[] Plain = ["--ram", "--swap", "--cpus", "--quantum", "--seed", "--max-insns", "--pressure", "--env", "--timeout", "--nth", "--at", "--memory", "--listen", "--from", "--to", "--cr3", "--maxphyaddr", "--pkru"];

    [Fact]
    public void System_CommandLine_offers_the_same_words_element_by_element()
    {
        Option<string> option = new("--list") { CompletionSources = { ValueWords.ListOf(() => [new Word("one")], () => [new Word("two"), new Word("tree")]).Complete } };

        Offered(option, "--list ").ShouldBe(["one"]);
        Offered(option, "--list one,t").ShouldBe(["one,two", "one,tree"], ignoreOrder: true);
    }

    [Fact]
    public void Every_option_with_a_value_says_what_it_is_called_and_offers_words_unless_there_are_none()
    {
        CommandShape root = TreeReader.Read(Root());
        OptionShape[] options = [.. root.WithAllBelow().SelectMany(command => command.Options).Where(option => option.ValueName is not null)];

        options.Where(option => option.Words is null).Select(option => option.Names[0]).Distinct().ShouldBe(Plain, ignoreOrder: true);
        options.ShouldAllBe(option => option.ValueName!.All(c => char.IsUpper(c) || "=[,]".Contains(c)));
    }

    [Fact]
    public void Every_word_that_is_offered_is_understood()
    {
        foreach (Word word in TreeReader.Read(Root()).WithAllBelow().Single(c => c.Path == "run").Options.Single(o => o.Names[0] == "--cpu").Words!.Later)
        {
            CommandHarness.Run("cpu", $"max,{word.Text}{(word.Text.EndsWith('=') ? "48" : "")}").Status.ShouldBe(ExitCodes.Ok, word.Text);
        }
    }

    private static IEnumerable<string> Offered(Option option, string line) =>
        new RootCommand("Does.") { option }.Parse(line).GetCompletions().OfType<CompletionItem>().Select(item => item.Label).Where(label => label[0] != '-');

    private static RootCommand Root() => (RootCommand)CommandTree.Parse(
        [], Output.To(TextWriter.Null, TextWriter.Null, new GuestStreams(new BytesInput(default), new BytesOutput(), new BytesOutput()))).RootCommandResult.Command;
}
