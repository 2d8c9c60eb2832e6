namespace MmuEmu.Tests;

/// <summary>Names the rows of the behaviour specification that a test asserts.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class SpecAttribute(params string[] rows) : Attribute
{
    /// <summary>Row ids such as <c>P-011</c>.</summary>
    public IReadOnlyList<string> Rows { get; } = rows;
}
