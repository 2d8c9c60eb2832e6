using System.Globalization;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Points of a run as people type them: <c>120000</c>, <c>end</c>, <c>mark:NAME</c>, <c>syscall:vrange#2</c>, <c>fault:3</c>, <c>signal:1</c>.</summary>
internal static class StopText
{
    /// <summary>What a point looks like, for messages.</summary>
    public const string Form = "an instruction count, end, mark:NAME, syscall:NAME#K, fault:K or signal:K";

    private static readonly (string Word, StopKind Kind)[] Kinds =
    [
        ("mark", StopKind.Mark), ("syscall", StopKind.Syscall), ("fault", StopKind.Fault), ("signal", StopKind.Signal),
    ];

    /// <summary>The words that a point starts with.</summary>
    public static IEnumerable<Word> Words => [new Word("end", "just before the program is gone"), .. Array.ConvertAll(Kinds, k => new Word($"{k.Word}:"))];

    /// <summary>The point that <paramref name="text"/> names; <c>end</c> is <see cref="StopAt.End"/>.</summary>
    public static bool TryParse(string text, out StopAt stop)
    {
        stop = StopAt.End;
        if (text == "end")
        {
            return true;
        }

        if (TryCount(text, out ulong time))
        {
            stop = StopAt.Time(time);
            return true;
        }

        string[] halves = text.Split(':', 2);
        foreach ((string word, StopKind kind) in Kinds)
        {
            if (word == halves[0] && halves.Length == 2)
            {
                return TryOccurrence(kind, halves[1], out stop);
            }
        }

        return false;
    }

    private static bool TryOccurrence(StopKind kind, string text, out StopAt stop)
    {
        string[] parts = text.Split('#', 2);
        bool named = kind is StopKind.Mark or StopKind.Syscall;
        string count = named ? parts.ElementAtOrDefault(1) ?? "1" : text;
        bool understood = TryCount(count, out ulong which) && which > 0 && (!named || parts[0].Length > 0);
        stop = new StopAt(kind, which, named ? parts[0] : "");
        return understood;
    }

    private static bool TryCount(string text, out ulong count) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
