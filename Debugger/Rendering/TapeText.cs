using MmuEmu.Debugger.Recordings;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Why a run on tapes is not the run that was noted: what was expected, and what was found.</summary>
internal static class TapeText
{
    /// <summary>The names of streams 0, 1 and 2.</summary>
    private static readonly string[] Streams = ["standard input", "standard output", "standard error"];

    /// <summary>One line for the first thing that is not as it was; null when all is.</summary>
    public static string? Problem(RunTapes tapes) =>
        tapes.Disk.Changed is { } changed ? Of(changed)
        : tapes.Disk.Missing is { } missing ? Of(missing)
        : tapes.Input.Departed is { } departed ? Of(departed)
        : tapes.Input.Over is { } over ? Of(over)
        : null;

    /// <summary>A file that is another.</summary>
    public static string Of(DiskChange change) =>
        $"{change.Path} is not as it was for the run: expected {Of(change.Expected)}, found {(change.Found is { } found ? Of(found) : "no file that can be read")}";

    /// <summary>A question about the disk that was not asked then.</summary>
    public static string Of(DiskMissing missing) =>
        $"this is not the run of the recording: expected only questions about the disk that it holds, found one for {What(missing.Question)} {missing.Path}";

    /// <summary>A question to a stream that was another then.</summary>
    public static string Of(TapeDeparture departure) =>
        $"this is not the run that was noted: at answer {departure.Position} expected {Of(departure.Expected, departure.Found)}, found {Of(departure.Found, departure.Expected)}";

    /// <summary>A question behind the end.</summary>
    public static string Of(TapeEnd end) => $"the recording is over after {end.Position} answers: expected one to {Of(end.Found, end.Found)}, found none";

    private static string Of(in FileTrack track) => track.Hash is { } hash
        ? $"{track.Length} bytes with SHA-256 {hash}"
        : $"{track.Length} bytes, changed at {track.ModifiedNs} ns";

    private static string What(DiskQuestion question) => question switch
    {
        DiskQuestion.FullPath => "the full path of",
        DiskQuestion.Stat => "what is at",
        DiskQuestion.List => "the names in",
        DiskQuestion.Open => "the bytes of",
    };

    /// <summary>A question, with the digest of its bytes where the other differs in nothing else.</summary>
    private static string Of(in TapeAsk ask, in TapeAsk other)
    {
        string bytes = ask with { Digest = 0 } == other with { Digest = 0 } && ask != other ? $" ({ask.Digest:x16})" : "";
        return ask.Question switch
        {
            TapeQuestion.Read => $"a read of {ask.Asked} bytes from {Streams[ask.Stream]}",
            TapeQuestion.Write => $"a write of {ask.Asked} bytes{bytes} to {Streams[ask.Stream]}",
            TapeQuestion.HasInput => $"a wait of {ask.Asked} ms for {Streams[ask.Stream]}",
            TapeQuestion.Size => $"the size of {Streams[ask.Stream]}",
            TapeQuestion.ReadModes => $"the settings of {Streams[ask.Stream]}",
            TapeQuestion.WriteModes => $"new settings{bytes} for {Streams[ask.Stream]}",
        };
    }
}
