namespace MmuEmu.Tests.House;

/// <summary>A method is short enough to be read at once.</summary>
public sealed class MethodSizeTests
{
    private const int MostLines = 40;

    [Fact]
    public void No_method_is_longer_than_a_reader_bears()
    {
        SourceTree.CSharp("Emulator", "Kernel", "Guests", "Debugger")
            .SelectMany(file => MethodSize.In(SourceSyntax.Read(file)))
            .Where(method => method.Lines > MostLines)
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("void M()\n{\n    A();\n\n    // Why.\n    B();\n}", 4)]
    [InlineData("/// <summary>Says.</summary>\n[Fact]\nvoid M(\n    int a,\n    int b)\n{\n    A();\n}", 1)]
    [InlineData("int M() =>\n    a\n    + b;", 2)]
    [InlineData("int P\n{\n    get\n    {\n        A();\n        return 1;\n    }\n}", 2)]
    [InlineData("void M()\n{\n    void L()\n    {\n        A();\n    }\n}", 4)]
    [InlineData("void M() { }", 0)]
    public void Lines_between_the_braces_count(string method, int lines)
    {
        Only(method).Lines.ShouldBe(lines);
    }

    [Theory]
    [InlineData("int M() => a switch\n{\n    1 => 2,\n    3 => 4,\n    _ => 0,\n};", 1)]
    [InlineData("void M()\n{\n    int[] rows =\n    [\n        1,\n        2,\n    ];\n}", 2)]
    [InlineData("void M()\n{\n    R r = new()\n    {\n        A = 1,\n        B = 2,\n    };\n}", 2)]
    public void Rows_of_a_table_do_not_count(string method, int lines)
    {
        Only(method).Lines.ShouldBe(lines);
    }

    [Fact]
    public void A_long_row_makes_it_code()
    {
        Only("int M() => a switch\n{\n    1 =>\n        b\n        + c\n        + d,\n    _ => 0,\n};").Lines.ShouldBe(8);
    }

    private static MethodSize Only(string method) => MethodSize.In(SourceSyntax.Parse($"class C\n{{\n{method}\n}}")).ShouldHaveSingleItem();
}
