using System.Globalization;
using MmuEmu.Debugger.Screens;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.View;

/// <summary>The ladder of a walk as lines.</summary>
/// <remarks><code>
///    VA    sign PML4 PDPT PD   PT   offset
///           0    0fe  0e9  060  002  010
///    CR3 0x103000  pcid 1
///    TLB data miss, code miss; caches miss: start at root
///   *PML4E[0fe] @1037f0 0000000000104067 x -- -A ct UWP ok
///  &gt;*PTE[002]   @106010 0000000000000e00 VRANGE_PURGED  X
///    X P is clear in the PTE -&gt; #PF p W U - -
/// </code></remarks>
internal static class WalkPanel
{
    /// <summary>The title.</summary>
    public static string Title(Scene scene) => scene.Walk is { } walk ? $"walk of {walk.Address} ({walk.Access}) [{walk.From}]" : "walk";

    /// <summary>The lines.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="width">Columns of a line.</param>
    /// <param name="isShort">Rows are few.</param>
    public static IEnumerable<TextLine> Lines(Scene scene, int width, bool isShort)
    {
        if (scene.Walk is not { } walk)
        {
            return [TextLine.Of("no process is at work", Role.Faint)];
        }

        List<TextLine> lines = [.. Address(walk, isShort)];
        Role caches = walk.Place == WalkPlace.Caches ? Role.Cursor : Role.Plain;
        if (isShort)
        {
            lines.Add(TextLine.Of($"{Mark(walk, WalkPlace.Caches)} {walk.Root}; {walk.Caches}", caches));
        }
        else
        {
            lines.Add(TextLine.Of($"  {walk.Root}"));
            lines.Add(TextLine.Of($"{Mark(walk, WalkPlace.Caches)} {walk.Caches}", caches));
        }

        int slot = walk.Rungs.Count == 0 ? 0 : walk.Rungs.Max(rung => SlotOf(rung).Length);
        lines.AddRange(walk.Rungs.Select(rung => Rung(rung, slot)));
        lines.AddRange(Verdict(walk, width));
        lines.AddRange(History(scene, width, isShort));
        return lines;
    }

    private static char Mark(WalkScene walk, WalkPlace place) => walk.Place == place ? '>' : ' ';

    private static IEnumerable<TextLine> Address(WalkScene walk, bool isShort)
    {
        Role role = walk.Place == WalkPlace.Address ? Role.Cursor : Role.Plain;
        char mark = Mark(walk, WalkPlace.Address);
        string sign = walk.SignBits.ToString("x", CultureInfo.InvariantCulture);
        string offset = walk.Address.PageOffset.ToString("x3", CultureInfo.InvariantCulture);
        if (isShort)
        {
            string parts = string.Join(' ', walk.Parts.Select(part => $"{part.Level.ToString().ToUpperInvariant()} {part.Index:x3}"));
            yield return TextLine.Of($"{mark} sign {sign} {parts} offset {offset}", role);
            yield break;
        }

        yield return TextLine.Of($"  VA   sign {string.Concat(walk.Parts.Select(part => $"{part.Level.ToString().ToUpperInvariant(),-5}"))}offset", Role.Faint);
        yield return TextLine.Of($"{mark}      {sign,-4} {string.Concat(walk.Parts.Select(part => $"{part.Index.ToString("x3", CultureInfo.InvariantCulture),-5}"))}{offset}", role);
    }

    private static string SlotOf(Rung rung) => rung.Slot.Raw.ToString("x", CultureInfo.InvariantCulture);

    private static TextLine Rung(Rung rung, int slot)
    {
        char state = rung.State switch
        {
            RungState.Read => '*',
            RungState.Spared => '~',
            RungState.Unread => '.',
            RungState.Idle => ' ',
        };
        string name = $"{rung.Level.EntryName()}[{rung.Index:x3}]";
        string head = $"{(rung.IsCursor ? '>' : ' ')}{state}{name,-10} @{SlotOf(rung).PadRight(slot)} ";
        Role role = rung.IsCursor ? Role.Cursor : rung.State == RungState.Unread ? Role.Faint : Role.Plain;
        string raw = rung.Entry.Raw.ToString("x16", CultureInfo.InvariantCulture);
        List<TextSpan> spans = [new(head, role), new($"{raw} ", role)];
        spans.AddRange(Meaning(rung, role));
        (string tail, Role ending) = Tail(rung, role);
        spans.Add(new TextSpan($" {tail}", ending));
        return new TextLine(spans);
    }

    /// <summary>The strip; letters that changed stand out, and the tail names them.</summary>
    private static IEnumerable<TextSpan> Meaning(Rung rung, Role role)
    {
        if (!rung.Entry.Present || rung.ChangedLetters.Length == 0)
        {
            yield return new TextSpan(rung.Meaning, rung.Entry.Present ? role : Role.Warning);
            yield break;
        }

        foreach (char letter in rung.Meaning)
        {
            bool changed = letter != ' ' && rung.ChangedLetters.Contains(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            yield return new TextSpan(letter.ToString(), changed ? Role.Changed : role);
        }
    }

    private static (string Text, Role Role) Tail(Rung rung, Role role)
    {
        string read = rung.State is RungState.Read or RungState.Spared && rung.Entry.Present ? "ok" : "";
        return rung.State == RungState.Unread ? ("", role)
            : rung.Refuses ? ($"{rung.Change} X".TrimStart(), Role.Bad)
            : rung.Change.Length > 0 ? (rung.Change, Role.Changed)
            : (read, Role.Good);
    }

    private static IEnumerable<TextLine> Verdict(WalkScene walk, int width)
    {
        // What a walk will find is known before it is there; then it is said quietly.
        bool isAhead = walk.Rungs.Any(rung => rung.State == RungState.Unread);
        Role role = isAhead ? Role.Faint : walk.Place == WalkPlace.Verdict ? Role.Cursor : walk.IsRefused ? Role.Bad : Role.Good;
        string text = walk.IsRefused ? $"X {walk.Verdict}" : $"  {walk.Access}: {walk.Verdict}";
        int number = 0;
        foreach (string line in Prose.Broken(text, width - 4))
        {
            yield return TextLine.Of($"{(number == 0 ? Mark(walk, WalkPlace.Verdict) : ' ')} {(number > 0 || !walk.IsRefused ? "  " : "")}{line}", role);
            number++;
        }
    }

    private static IEnumerable<TextLine> History(Scene scene, int width, bool isShort)
    {
        if (scene.Walk is not { Rungs.Count: > 0 } walk)
        {
            return [];
        }

        string name = walk.Rungs[^1].Level.EntryName();
        string text = !scene.HasHistory ? $"{name} .."
            : scene.History is { } past ? $"{name} {past.Text}; [m] goes there"
            : $"{name} has never changed before";
        return Prose.Broken(text, width - 2).Take(isShort ? 2 : 4).Select(line => TextLine.Of($"  {line}", scene.History is null ? Role.Faint : Role.Link));
    }
}
