using System.Text;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Documents that are read in parts: <c>qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH</c>.</summary>
internal static class TransferPackets
{
    private static readonly (string Object, Func<GdbSession, string, string?> Document)[] Rows =
    [
        ("features", (_, annex) => annex == "target.xml" ? TargetXml.Text : null),
        ("threads", (session, _) => ThreadPackets.Document(session)),
        ("auxv", (session, _) => ProcessOf(session, "") is { } process ? HexText.Raw(process.AuxiliaryVector.Span) : null),
        ("exec-file", (session, annex) => ProcessOf(session, annex) is { } process ? HexText.Raw(Encoding.UTF8.GetBytes(process.Location)) : null),
        ("siginfo", (session, _) => SigInfoOf(session)),
    ];

    /// <summary>qXfer.</summary>
    public static string Read(PacketContext context, string rest)
    {
        string[] words = rest.Split(':', 5);
        if (words is not ["", var name, "read", var annex, var range])
        {
            return PacketText.Unknown;
        }

        foreach ((string known, Func<GdbSession, string, string?> document) in Rows)
        {
            if (known == name)
            {
                return document(context.Session, annex) is { } text ? PacketText.Part(text, range) : "E00";
            }
        }

        return PacketText.Unknown;
    }

    private static ProcessView? ProcessOf(GdbSession session, string annex)
    {
        PacketCursor cursor = new(annex);
        int pid = cursor.Small(out int named) ? named : session.Picked?.Pid ?? 0;
        return session.Seen.Processes.FirstOrDefault(process => process.Pid == pid);
    }

    /// <summary>The signal at which the run stands.</summary>
    private static string? SigInfoOf(GdbSession session)
    {
        TraceEvent? latest = session.Journey.Latest;
        return latest is { Kind: KernelEvent.Signal, Detail: SignalDetail signal, Stamp: var stamp } && session.Picked?.Tid == stamp.Tid
            ? HexText.Raw(SigInfoBytes.Of(signal.Info))
            : null;
    }
}
