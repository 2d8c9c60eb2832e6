using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.House;

/// <summary>The samples of <c>docs/library-guide.md</c> are the files that it names, and need nothing that the packages hide.</summary>
public sealed class LibraryGuideTests
{
    private static readonly Regex Block = new("<!-- (Tests/Samples/\\w+\\.cs) -->\n```csharp\n(.*?)```", RegexOptions.Singleline);
    private static readonly string Guide = Path.Combine(SourceTree.Root, "docs", "library-guide.md");

    public static TheoryData<string> Samples => [.. Directory.GetFiles(Path.Combine(SourceTree.Root, "Tests", "Samples"), "*.cs").Select(SourceTree.Relative)];

    [Fact]
    public void Its_blocks_are_the_samples() =>
        GoldenFile.CheckAt("docs/library-guide.md", Block.Replace(
            File.ReadAllText(Guide), block => $"<!-- {block.Groups[1].Value} -->\n```csharp\n{File.ReadAllText(Path.Combine(SourceTree.Root, block.Groups[1].Value))}```"));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_is_in_it(string sample) =>
        Block.Matches(File.ReadAllText(Guide)).Select(block => block.Groups[1].Value).ShouldContain(sample);

    /// <summary>This assembly sees the libraries' inside; one of another name does not.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_compiles_with_public_types_alone(string sample)
    {
        SyntaxTree[] trees =
        [
            SourceSyntax.Read(Path.Combine(SourceTree.Root, sample)),
            SourceSyntax.Parse("global using System; global using System.IO; global using System.Linq; global using Xunit;"),
        ];
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Sample", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(told => told.Severity == DiagnosticSeverity.Error).Select(told => told.ToString()).ShouldBeEmpty();
    }
}
