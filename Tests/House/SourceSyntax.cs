using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MmuEmu.Tests.House;

/// <summary>The project's own source as the compiler parses it.</summary>
public static class SourceSyntax
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    /// <summary>One file of the project.</summary>
    public static SyntaxTree Read(string file) => Parse(File.ReadAllText(file), SourceTree.Relative(file));

    /// <summary>A text as if it stood in <paramref name="file"/>.</summary>
    public static SyntaxTree Parse(string text, string file = "") => CSharpSyntaxTree.ParseText(text, Options, file);
}
