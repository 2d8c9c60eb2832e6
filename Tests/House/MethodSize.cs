using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MmuEmu.Tests.House;

/// <summary>How long one method is: the lines between its braces, or of its expression, without the rows of tables in it.</summary>
/// <remarks>
/// A table is a switch expression, a collection expression or an initializer whose rows take at most <see cref="MostRowLines"/> lines each:
/// a reader looks a row up and need not hold the others in mind. One row that is longer makes it code, and all of it counts.
/// </remarks>
public sealed record MethodSize(string File, string Name, int Lines)
{
    private const int MostRowLines = 3;

    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Name} has {Lines} lines";

    /// <summary>Every method, constructor, operator, accessor and computed property of a file; local functions count with what holds them.</summary>
    public static IEnumerable<MethodSize> In(SyntaxTree tree) =>
        from node in tree.GetRoot().DescendantNodes()
        let body = BodyOf(node)
        where body is not null
        select new MethodSize(tree.FilePath, NameOf(node), Count(body));

    private static SyntaxNode? BodyOf(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody?.Expression,
        AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody?.Expression,
        PropertyDeclarationSyntax property => property.ExpressionBody?.Expression,
        IndexerDeclarationSyntax indexer => indexer.ExpressionBody?.Expression,
        _ => null,
    };

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        AccessorDeclarationSyntax accessor => $"{NameOf(accessor.Parent!.Parent!)}.{accessor.Keyword.Text}",
        _ => "an operator, an indexer or an event",
    };

    private static int Count(SyntaxNode body)
    {
        int braces = body is BlockSyntax ? 2 : 0;
        return Math.Max(0, SpanOf(body) - braces) - RowLines(body);
    }

    /// <summary>Lines that tables below <paramref name="node"/>, or itself, add to the line they begin on.</summary>
    private static int RowLines(SyntaxNode node) => IsTable(node) ? SpanOf(node) - 1 : node.ChildNodes().Sum(RowLines);

    private static bool IsTable(SyntaxNode node) => RowsOf(node) is { } rows && rows.All(row => SpanOf(row) <= MostRowLines);

    private static IEnumerable<SyntaxNode>? RowsOf(SyntaxNode node) => node switch
    {
        SwitchExpressionSyntax choice => choice.Arms,
        CollectionExpressionSyntax collection => collection.Elements,
        InitializerExpressionSyntax initializer => initializer.Expressions,
        _ => null,
    };

    private static int SpanOf(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
