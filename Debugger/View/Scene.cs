using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.View;

/// <summary>All that one frame shows, as plain values: taken in one look at the machine, and drawn as often as the terminal wants.</summary>
/// <param name="Here">The position.</param>
/// <param name="Standing">Where in the run that is.</param>
internal sealed record Scene(Position Here, Standing Standing)
{
    /// <summary>The walk of the selected address; null when no process is at work.</summary>
    public WalkScene? Walk { get; init; }

    /// <summary>What happens, and why, in sentences.</summary>
    public IReadOnlyList<string> Why { get; init; } = [];

    /// <summary>The program around the instruction at work.</summary>
    public CodeScene Code { get; init; } = CodeScene.None;

    /// <summary>The registers; none when no process is at work.</summary>
    public IReadOnlyList<RegisterRow> Registers { get; init; } = [];

    /// <summary>The mapping of the selected address; null when no process is at work.</summary>
    public MapScene? Map { get; init; }

    /// <summary>The frame behind the selected address, one line each fact; none when no process is at work.</summary>
    public IReadOnlyList<string> Frame { get; init; } = [];

    /// <summary>The line of time.</summary>
    public TimelineScene Timeline { get; init; } = TimelineScene.None;

    /// <summary>The last lines that the guest has written here.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>The last change of the entry that decides, before here; null while nobody has looked for it, or when there is none.</summary>
    public (Position Where, string Text)? History { get; init; }

    /// <summary>True when that was looked for.</summary>
    public bool HasHistory { get; init; }
}

/// <summary>Where in the run a scene is.</summary>
/// <param name="Program">The guest's name.</param>
/// <param name="Time">The position as it is typed.</param>
/// <param name="Explored">T up to which the run is known.</param>
internal sealed record Standing(string Program, string Time, ulong Explored)
{
    /// <summary>True when nothing comes behind <see cref="Explored"/>: the run ends there.</summary>
    public bool IsWhole { get; init; }

    /// <summary>True when somebody has been further.</summary>
    public bool IsPast { get; init; }

    /// <summary>The thread at work; empty for none.</summary>
    public string Task { get; init; } = "";

    /// <summary>Signals that are sent and not yet delivered; empty for none.</summary>
    public string Pending { get; init; } = "";

    /// <summary>How the run ended, at its end; otherwise empty.</summary>
    public string End { get; init; } = "";

    /// <summary>What is not as it was; empty while all is.</summary>
    public string Trouble { get; init; } = "";
}

/// <summary>One register.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Changed">It held something else in the frame before.</param>
internal readonly record struct RegisterRow(string Name, ulong Value, bool Changed);

/// <summary>The program around an instruction.</summary>
/// <param name="Title">The place in words.</param>
/// <param name="Source">Lines of source, that of the instruction with <c>&gt;</c> before it; none when they are not known.</param>
/// <param name="Instructions">Instructions in their order, likewise.</param>
internal sealed record CodeScene(string Title, IReadOnlyList<string> Source, IReadOnlyList<string> Instructions)
{
    /// <summary>No program.</summary>
    public static CodeScene None { get; } = new("code", [], []);
}

/// <summary>The mapping of an address.</summary>
/// <param name="Lines">The mapping in words.</param>
/// <param name="Strip">Pages around the address, a letter each; empty when no mapping covers it.</param>
/// <param name="Place">The letter of the address.</param>
/// <param name="Page">What there is to say about its page.</param>
/// <param name="Legend">What the letters stand for.</param>
internal sealed record MapScene(IReadOnlyList<string> Lines, string Strip, int Place, string Page, string Legend);

/// <summary>The line of time.</summary>
/// <param name="Landmarks">What is known to have happened, in its order.</param>
/// <param name="Here">T of the position.</param>
/// <param name="Explored">T up to which the run is known.</param>
/// <param name="Marks">Positions that were given names, by T.</param>
internal sealed record TimelineScene(IReadOnlyList<Landmark> Landmarks, ulong Here, ulong Explored, IReadOnlyList<ulong> Marks)
{
    /// <summary>Free RAM along it; none where that hardly changes.</summary>
    public IReadOnlyList<FreeLevel> Free { get; init; } = [];

    /// <summary>Of a run of which nothing is known.</summary>
    public static TimelineScene None { get; } = new([], 0, 0, []);
}
