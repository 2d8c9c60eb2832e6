namespace MmuEmu.Kernel.Files;

/// <summary>Who makes the text of a file when it is opened: the door that the views of /proc implement.</summary>
internal interface ITextSource
{
    /// <summary>The text as it is now; asking changes nothing.</summary>
    string Text();
}

/// <summary>A text that never changes.</summary>
/// <param name="Value">The text.</param>
internal sealed record FixedText(string Value) : ITextSource
{
    /// <inheritdoc/>
    public string Text() => Value;
}
