using System.Text;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Packets as they go over the wire, and the answers that mean the same everywhere.</summary>
internal static class PacketText
{
    /// <summary>What is not known: the empty packet.</summary>
    public const string Unknown = "";

    /// <summary>It is done.</summary>
    public const string Ok = "OK";

    /// <summary>The packet is not understood: EINVAL.</summary>
    public const string Malformed = "E16";

    /// <summary>There is no such process or thread: ESRCH.</summary>
    public const string NoThread = "E03";

    /// <summary>There is no such memory: EFAULT.</summary>
    public const string NoMemory = "E0e";

    private const int ShortestRun = 4;
    private const int LongestRun = 126 - 29 + 1;
    private const char RunBase = (char)29;

    /// <summary>An error that has a number.</summary>
    public static string Error(int number) => $"E{Math.Clamp(number, 1, 255):x2}";

    /// <summary>The packet that carries <paramref name="data"/>: escaped, runs of a character shortened, with its checksum.</summary>
    /// <remarks>Source: [GDB manual, "Overview" of the remote protocol].</remarks>
    public static byte[] Frame(string data)
    {
        StringBuilder text = new(data.Length + 8);
        text.Append('$');
        for (int at = 0; at < data.Length;)
        {
            int run = RunAt(data, at);
            Append(text, data[at]);
            if (run >= ShortestRun)
            {
                // A count may not be '#' or '$': the run is told shorter, and its rest by itself.
                char count = (char)(RunBase + run - 1);
                run -= count is '#' or '$' ? count - '"' : 0;
                text.Append('*').Append((char)(RunBase + run - 1));
                at += run;
            }
            else
            {
                at++;
            }
        }

        byte sum = 0;
        for (int i = 1; i < text.Length; i++)
        {
            sum += (byte)text[i];
        }

        return Encoding.Latin1.GetBytes(text.Append('#').Append(HexText.Of([sum])).ToString());
    }

    /// <summary>The part of a document that was asked for: <c>m</c> and more follows, or <c>l</c> and it is the last.</summary>
    /// <param name="document">All of it, one char a byte.</param>
    /// <param name="range">OFFSET,LENGTH.</param>
    public static string Part(string document, string range)
    {
        PacketCursor cursor = new(range);
        if (!cursor.Pair(',', out ulong offset, out ulong length))
        {
            return Malformed;
        }

        int start = (int)Math.Min(offset, (ulong)document.Length);
        int count = (int)Math.Min(Math.Min(length, (PacketReader.MostBytes / 2) - 8), (ulong)(document.Length - start));
        return string.Concat(start + count < document.Length ? "m" : "l", document.AsSpan(start, count));
    }

    /// <summary>How often the character at <paramref name="at"/> comes, as far as a run can tell; 1 for what has to be escaped.</summary>
    private static int RunAt(string data, int at)
    {
        if (IsSpecial(data[at]))
        {
            return 1;
        }

        int end = at + 1;
        while (end < data.Length && data[end] == data[at] && end - at < LongestRun)
        {
            end++;
        }

        return end - at;
    }

    private static void Append(StringBuilder text, char next)
    {
        if (IsSpecial(next))
        {
            text.Append('}').Append((char)(next ^ 0x20));
        }
        else
        {
            text.Append(next);
        }
    }

    private static bool IsSpecial(char next) => next is '$' or '#' or '}' or '*';
}
