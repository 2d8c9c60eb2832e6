using Microsoft.CodeAnalysis;

namespace MmuEmu.Tests.House;

/// <summary>What counts as the use of another file, and what as a cycle.</summary>
public sealed class FileGraphTests
{
    [Theory]
    [InlineData("class A { B b; }")]
    [InlineData("class A { object b = new B(); }")]
    [InlineData("class A { int b = B.Number; }")]
    [InlineData("class A { System.Collections.Generic.List<B> b; }")]
    [InlineData("unsafe class A { delegate*<B, void> b; }")]
    [InlineData("class A { N.B b; }")]
    [InlineData("class A { int B = 1; object b = new B(); }")]
    public void Naming_a_type_is_a_use(string text)
    {
        GraphOf(("a", $"namespace N; {text}"), ("b", "namespace N; class B { public const int Number = 1; }")).UsesOf("a").ShouldBe(["b"]);
    }

    [Theory]
    [InlineData("class A { /* B */ }")]
    [InlineData("/// <see cref=\"B\"/>\nclass A { }")]
    [InlineData("class A { string b = \"B\"; }")]
    [InlineData("class A { int B = 1; int C() => this.B + B; }")]
    [InlineData("class A { class B { } B b; }")]
    public void A_comment_a_string_and_a_member_of_the_same_name_are_none(string text)
    {
        GraphOf(("a", $"namespace N; {text}"), ("b", "namespace N; class B { }")).UsesOf("a").ShouldBeEmpty();
    }

    [Fact]
    public void Files_that_need_one_another_are_a_component()
    {
        FileGraph graph = GraphOf(
            ("a", "class A { B b; }"), ("b", "class B { C c; }"), ("c", "class C { A a; D d; }"),
            ("d", "class D { E e; }"), ("e", "class E { D d; }"), ("f", "class F { A a; F f; }"));

        IReadOnlyList<IReadOnlyList<string>> components = Components.Of(graph);

        components.Select(component => string.Join(' ', component)).ShouldBe(["a b c", "d e"]);
    }

    private static FileGraph GraphOf(params (string File, string Text)[] files) =>
        FileGraph.Of((IReadOnlyList<SyntaxTree>)[.. files.Select(file => SourceSyntax.Parse(file.Text, file.File))]);
}
