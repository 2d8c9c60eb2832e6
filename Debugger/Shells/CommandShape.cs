using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Shells;

/// <summary>A command as shells and manual pages need to know it.</summary>
internal sealed record CommandShape
{
    /// <summary>What is typed behind <c>mmuemu</c>, such as <c>pte decode</c>; empty for <c>mmuemu</c> itself.</summary>
    public required string Path { get; init; }

    /// <summary>The last word of the path, and the other words for it.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What it does, in sentences.</summary>
    public required string Description { get; init; }

    /// <summary>What it knows of its own, and of the commands above it that hands down to all.</summary>
    public required IReadOnlyList<OptionShape> Options { get; init; }

    /// <summary>What follows the options, in order.</summary>
    public required IReadOnlyList<ArgumentShape> Arguments { get; init; }

    /// <summary>The commands below it.</summary>
    public required IReadOnlyList<CommandShape> Commands { get; init; }

    /// <summary>Whether options end at the first argument.</summary>
    public bool OptionsEndAtArgument => Arguments is [.., { TakesTheRest: true }];

    /// <summary>This one and all below it, in order.</summary>
    public IEnumerable<CommandShape> WithAllBelow() => Commands.SelectMany(command => command.WithAllBelow()).Prepend(this);
}

/// <summary>An option of a command.</summary>
internal sealed record OptionShape
{
    /// <summary>Its name with the dashes, and the other words for it.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What it does, in sentences.</summary>
    public required string Description { get; init; }

    /// <summary>What its value is called, such as SIZE; null for an option without a value.</summary>
    public required string? ValueName { get; init; }

    /// <summary>What its value may be, when that can be told.</summary>
    public ValueWords? Words { get; init; }

    /// <summary>The value of a command line without the option, when there is one to tell.</summary>
    public string? Default { get; init; }

    /// <summary>Whether it may be given again.</summary>
    public bool Repeats { get; init; }

    /// <summary>Whether a command above has it for all below.</summary>
    public bool Inherited { get; init; }
}

/// <summary>An argument of a command.</summary>
/// <param name="Name">What it is called, such as GUEST.</param>
/// <param name="Description">What it is, in sentences.</param>
/// <param name="Words">What it may be, when that can be told.</param>
/// <param name="Required">Whether there must be one.</param>
/// <param name="Repeats">Whether there may be several.</param>
/// <param name="TakesTheRest">Whether all words behind it are its own, options too.</param>
internal sealed record ArgumentShape(string Name, string Description, ValueWords? Words, bool Required, bool Repeats, bool TakesTheRest);
