using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MmuEmu.Tests.House;

/// <summary>The kernel speaks no English: it tells data, and the command makes the words.</summary>
public sealed class KernelWordsTests
{
    /// <summary>Files and folders with texts that are not the kernel's speech.</summary>
    private static readonly (string Place, string Reason)[] Exempt =
    [
        ("Kernel/Proc/", "what guests read in /proc"),
        ("Kernel/Syscalls/SyscallTable.cs", "the notes of docs/syscalls.md"),
        ("Kernel/Syscalls/CompatTable.cs", "the notes of docs/syscalls.md"),
        ("Kernel/Mm/Advise.cs", "what each advice does, beside its row"),
        ("Kernel/Abi/KernelCosts.cs", "where each price comes from, for docs/timing.md"),
        ("Kernel/Run/KernelPerfEvents.cs", "the notes beside the counters of --stats"),
        ("Kernel/Run/PressureRule.cs", "a rule as it is typed"),
        ("Kernel/Mm/MmInvariants.cs", "the audit of the emulator itself"),
        ("Kernel/Mm/HugeInvariants.cs", "the part of that audit about huge pages"),
        ("Kernel/Frames/PageFrame.cs", "a frame as that audit shows it"),
    ];

    /// <summary>Two lower-case words, with no more than spaces and a comma, a colon or a semicolon between them.</summary>
    private static readonly Regex SideBySide = new(@"\b[a-z][a-z']* *[,:;]? +[a-z][a-z']*\b");

    [Fact]
    public void No_text_of_the_kernel_is_English()
    {
        IEnumerable<string> offences =
            from file in SourceTree.CSharp("Kernel")
            let name = SourceTree.Relative(file)
            where !Exempt.Any(row => name.StartsWith(row.Place, StringComparison.Ordinal))
            from text in English(SourceSyntax.Read(file))
            select $"{name}: {text}";

        offences.ShouldBeEmpty();
    }

    /// <summary>A row that exempts nothing any more would let English in unseen.</summary>
    [Fact]
    public void Every_exemption_is_needed()
    {
        IEnumerable<string> idle =
            from row in Exempt
            where !SourceTree.CSharp("Kernel").Any(file =>
                SourceTree.Relative(file).StartsWith(row.Place, StringComparison.Ordinal) && English(SourceSyntax.Read(file)).Any())
            select $"{row.Place}: {row.Reason}";

        idle.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("string s = \"nothing can happen any more\";", true)]
    [InlineData("string s = $\"{name} waits for {what}\";", true)]
    [InlineData("string s = $\"expected {what}, found {word}\";", true)]
    [InlineData("string s = $\"{name} ({id})\";", false)]
    [InlineData("string s = \"/proc/self/exe\";", false)]
    [InlineData("string s = \"madvise\";", false)]
    [InlineData("Debug.Assert(locked, \"the page is not locked\");", false)]
    [InlineData("throw new UnreachableException($\"{cause} is no kind of wait\");", false)]
    public void Words_are_known_from_names(string line, bool expected) => English(SourceSyntax.Parse(line)).Any().ShouldBe(expected);

    /// <summary>Texts with words, but for those that say that the emulator erred; a hole in a text parts no words.</summary>
    private static IEnumerable<string> English(SyntaxTree tree) =>
        from node in tree.GetRoot().DescendantNodes()
        let text = TextOf(node)
        where text is not null && SideBySide.IsMatch(text) && !node.Ancestors().Any(IsOfProgrammingErrors)
        select $"line {node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {text}";

    private static string? TextOf(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax literal when literal.Token.Value is string => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax whole => string.Concat(whole.Contents.Select(part => part is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : "")),
        _ => null,
    };

    private static bool IsOfProgrammingErrors(SyntaxNode node) => node switch
    {
        BaseObjectCreationExpressionSyntax { Parent: ThrowStatementSyntax or ThrowExpressionSyntax } => true,
        InvocationExpressionSyntax call => call.Expression.ToString() is "Debug.Assert" or "Debug.Fail",
        _ => false,
    };
}
