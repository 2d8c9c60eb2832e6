namespace MmuEmu.Debugger.Exports;

/// <summary>What an item of a timeline is.</summary>
internal enum ItemKind
{
    /// <summary>Something begins that has an end on the same track.</summary>
    Begin,

    /// <summary>The end of what began last on the track.</summary>
    End,

    /// <summary>Something that has no length.</summary>
    Instant,

    /// <summary>A counter has a new value.</summary>
    Counter,
}

/// <summary>Something more to tell of an item.</summary>
/// <param name="Name">What.</param>
/// <param name="Text">As text; null for a number.</param>
/// <param name="Number">As a number.</param>
internal readonly record struct ItemFact(string Name, string? Text, ulong Number = 0);

/// <summary>One item of a timeline.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Track">Where it lies.</param>
/// <param name="At">When, in the time of the export.</param>
/// <param name="Name">What happens; empty for an end.</param>
internal readonly record struct TimelineItem(ItemKind Kind, Track Track, ulong At, string Name = "")
{
    /// <summary>The family that it belongs to, as <c>--kinds</c> has it.</summary>
    public string Category { get; init; } = "";

    /// <summary>What more there is to tell.</summary>
    public IReadOnlyList<ItemFact> Facts { get; init; } = [];

    /// <summary>The number of the arrow from a cause to its effect; 0 for none.</summary>
    public ulong Flow { get; init; }

    /// <summary>The arrow ends here; otherwise it begins here.</summary>
    public bool EndsFlow { get; init; }

    /// <summary>The value of a counter.</summary>
    public long Value { get; init; }
}

/// <summary>Writes the items of a timeline in one format.</summary>
internal interface ITimelineWriter : IDisposable
{
    /// <summary>Names a process; again when it runs another program.</summary>
    void NameProcess(int pid, string name);

    /// <summary>Adds one item; on each track they come in the order of time, begins and ends nested.</summary>
    void Add(in TimelineItem item);

    /// <summary>Nothing more comes.</summary>
    void End();
}
