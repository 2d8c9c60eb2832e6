using System.Globalization;

namespace MmuEmu.Perf.Report;

/// <summary>Which side of the target is good.</summary>
internal enum Better
{
    /// <summary>At or below it.</summary>
    Lower,

    /// <summary>At or above it.</summary>
    Higher,
}

/// <summary>What a measurement should reach.</summary>
internal readonly record struct Target(Better Better, double Value)
{
    public bool Met(double measured) => Better == Better.Lower ? measured <= Value : measured >= Value;

    public override string ToString() =>
        (Better == Better.Lower ? "<= " : ">= ") + Value.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>One line of the table.</summary>
internal sealed record Row
{
    public required string Name { get; init; }

    /// <summary>The measurement; null when it could not be made, and <see cref="Note"/> says why.</summary>
    public double? Value { get; init; }

    public required string Unit { get; init; }

    public Target? Target { get; init; }

    /// <summary>qemu-x86_64, measured in turns with ours; null without one.</summary>
    public double? Qemu { get; init; }

    /// <summary>How many times qemu's time ours is; null without one.</summary>
    public double? Ratio { get; init; }

    public string Note { get; init; } = "";
}
