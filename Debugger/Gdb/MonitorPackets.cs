using System.Globalization;
using System.Text;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Gdb;

/// <summary><c>monitor</c>: lines of the command language.</summary>
internal static class MonitorPackets
{
    /// <summary>qRcmd: carries a line out, and writes what it answers.</summary>
    public static string Run(PacketContext context, string rest)
    {
        if (!HexText.TryText(rest.TrimStart(','), out string line))
        {
            return PacketText.Malformed;
        }

        GdbSession session = context.Session;
        Position before = session.Journey.Here;
        context.Request.Begin();
        IReadOnlyList<string> answers = context.Monitor(line.Trim());
        context.Request.End();
        Follow(context, line);
        if (session.Journey.Here != before)
        {
            session.Last = null;
        }

        session.Seen.Forget();
        if (context.Send is not { } send)
        {
            return answers.Count == 0 ? PacketText.Ok : HexText.OfText(string.Join('\n', answers) + "\n");
        }

        session.Console.Open(send);
        session.Console.Close();
        foreach (string answer in answers)
        {
            send(Encoding.UTF8.GetBytes(answer + "\n"));
        }

        return PacketText.Ok;
    }

    /// <summary>The registers of paging are of the address that was walked last, and without one of CR2 again.</summary>
    private static void Follow(PacketContext context, string line)
    {
        GdbSession session = context.Session;
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not ["walk" or "pte", ..])
        {
            return;
        }

        if (words.Length == 1)
        {
            session.Walked = null;
        }
        else if (context.Focus() is { } walked)
        {
            session.Walked = walked;
        }
        else if (AddressIn(words[1]) is { } address)
        {
            session.Walked = new VirtAddr(address);
        }
    }

    private static ulong? AddressIn(string word)
    {
        bool isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(isHex ? word[2..] : word, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ulong address)
            ? address
            : null;
    }
}
