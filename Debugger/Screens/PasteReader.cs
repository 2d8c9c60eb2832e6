using System.Text;

namespace MmuEmu.Debugger.Screens;

/// <summary>Makes one stroke of what is pasted, which terminals put between two marks when they are asked to; else its letters would be commands.</summary>
/// <param name="more">The next key that is there already or comes at once; null without one.</param>
/// <remarks>Source: [XTerm Control Sequences, "Bracketed Paste Mode"].</remarks>
internal sealed class PasteReader(Func<KeyStroke?> more)
{
    /// <summary>Asks a terminal for the marks.</summary>
    public const string Begin = "\u001b[?2004h";

    /// <summary>Asks for them no longer.</summary>
    public const string End = "\u001b[?2004l";

    private const string First = "[200~";
    private const string Last = "[201~";

    private readonly Queue<KeyStroke> _back = new();

    /// <summary>A key that was read in vain for a mark, and is the next one; null without one.</summary>
    public KeyStroke? TakeBack() => _back.TryDequeue(out KeyStroke key) ? key : null;

    /// <summary>A key, or all that was pasted when it begins the first mark.</summary>
    public KeyStroke Take(KeyStroke key)
    {
        if (key.Key != KeyName.Escape || !IsMark(First, _back.Enqueue))
        {
            return key;
        }

        StringBuilder text = new();
        while (more() is { } next)
        {
            if (next.Key == KeyName.Escape && IsMark(Last, other => text.Append(TextOf(other))))
            {
                break;
            }

            text.Append(TextOf(next));
        }

        return new KeyStroke(KeyName.Paste, text.ToString());
    }

    private bool IsMark(string mark, Action<KeyStroke> giveBack)
    {
        List<KeyStroke> read = [];
        foreach (char wanted in mark)
        {
            if (more() is not { } next)
            {
                break;
            }

            read.Add(next);
            if (!next.IsTyped || next.Text != wanted.ToString())
            {
                break;
            }
        }

        bool isWhole = read.Count == mark.Length && read[^1].Text == mark[^1..];
        if (!isWhole)
        {
            read.ForEach(giveBack);
        }

        return isWhole;
    }

    private static string TextOf(KeyStroke key) => key.Key switch
    {
        KeyName.Enter => "\n",
        KeyName.Tab => "\t",
        KeyName.Text when key.IsTyped => key.Text,
        _ => "",
    };
}
