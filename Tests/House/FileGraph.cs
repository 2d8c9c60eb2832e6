using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MmuEmu.Tests.House;

/// <summary>Which file names a type that another file declares, as the compiler binds the names: comments, strings and members of the same name do not count.</summary>
public sealed class FileGraph
{
    private readonly Dictionary<string, SortedSet<string>> _uses = new(StringComparer.Ordinal);

    private FileGraph(IEnumerable<SyntaxTree> trees)
    {
        foreach (SyntaxTree tree in trees)
        {
            _uses[tree.FilePath] = new SortedSet<string>(StringComparer.Ordinal);
        }
    }

    /// <summary>Files, in order.</summary>
    public IEnumerable<string> Files => _uses.Keys.Order(StringComparer.Ordinal);

    /// <summary>The files whose types <paramref name="file"/> names, without itself.</summary>
    public IReadOnlySet<string> UsesOf(string file) => _uses[file];

    /// <summary>The graph of the C# files below some top-level folders.</summary>
    public static FileGraph Of(params string[] folders) => Of([.. SourceTree.CSharp(folders).Select(SourceSyntax.Read)]);

    /// <summary>The graph of some parsed files.</summary>
    public static FileGraph Of(IReadOnlyList<SyntaxTree> trees)
    {
        FileGraph graph = new(trees);
        CSharpCompilation compilation = CSharpCompilation.Create("House", [.. trees, GlobalUsings()], References());
        HashSet<string> names = [.. trees.SelectMany(DeclaredNames)];
        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (IGrouping<string, SimpleNameSyntax> same in NamesIn(tree).Where(name => names.Contains(name.Identifier.Text)).GroupBy(name => name.Identifier.Text))
            {
                graph.Add(tree, same.Select(name => TypeOf(model, name)).FirstOrDefault(type => type is not null));
            }
        }

        return graph;
    }

    private void Add(SyntaxTree tree, INamedTypeSymbol? type)
    {
        foreach (SyntaxReference place in type?.DeclaringSyntaxReferences ?? [])
        {
            if (place.SyntaxTree != tree)
            {
                _uses[tree.FilePath].Add(place.SyntaxTree.FilePath);
            }
        }
    }

    // Binding is dear. Within one file a name stands for one type, so the first that binds to a type speaks for the others,
    // and a name behind a dot, most often a member, is asked last.
    private static IEnumerable<SimpleNameSyntax> NamesIn(SyntaxTree tree) =>
        tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .OrderBy(name => name.Parent is MemberAccessExpressionSyntax access && access.Name == name);

    private static INamedTypeSymbol? TypeOf(SemanticModel model, SimpleNameSyntax name) => model.GetSymbolInfo(name).Symbol switch
    {
        INamedTypeSymbol type => type,
        IMethodSymbol { MethodKind: MethodKind.Constructor } attribute => attribute.ContainingType,
        _ => null,
    };

    private static IEnumerable<string> DeclaredNames(SyntaxTree tree) => tree.GetRoot().DescendantNodes().Select(node => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => "",
    }).Where(name => name.Length > 0);

    /// <summary>What <c>ImplicitUsings</c> gives every project.</summary>
    private static SyntaxTree GlobalUsings() => SourceSyntax.Parse(
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """);

    /// <summary>What this test runs with, without the project's own assemblies: those are in the trees.</summary>
    private static IEnumerable<MetadataReference> References() =>
        from path in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        where !Path.GetFileName(path).StartsWith("MmuEmu.", StringComparison.Ordinal) && Path.GetFileName(path) != "mmuemu.dll"
        select MetadataReference.CreateFromFile(path);
}
