using System.Text;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Threads and processes.</summary>
internal static class ThreadPackets
{
    /// <summary>Hg, Hc: the thread that registers and memory are asked of, and that steps concern.</summary>
    public static string Pick(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest.Length > 0 ? rest[1..] : "");
        if (rest.Length == 0 || rest[0] is not ('g' or 'c') || !cursor.Thread(out ThreadWord thread))
        {
            return PacketText.Malformed;
        }

        bool isAny = !thread.IsOne && thread.Pid is null or ThreadWord.All or 0;
        if (!isAny && context.Session.Find(thread) is null)
        {
            return PacketText.NoThread;
        }

        if (rest[0] == 'g')
        {
            context.Session.Pick(thread);
            context.Session.Named = thread.IsOne ? thread : null;
        }
        else
        {
            context.Session.StepTid = thread.IsOne ? thread.Tid : 0;
        }

        return PacketText.Ok;
    }

    /// <summary>T: whether a thread lives.</summary>
    public static string IsAlive(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        return cursor.Thread(out ThreadWord thread) && context.Session.Find(thread) is not null ? PacketText.Ok : PacketText.NoThread;
    }

    /// <summary>qC: the thread at work.</summary>
    public static string Current(PacketContext context, string rest) =>
        context.Session.Current is { } task ? $"QC{context.Session.NameOf(task.Pid, task.Tid)}" : "QC0";

    /// <summary>qfThreadInfo: all threads.</summary>
    public static string First(PacketContext context, string rest)
    {
        string all = string.Join(',', context.Session.Tasks.Select(task => context.Session.NameOf(task.Pid, task.Tid)));
        return all.Length == 0 ? "l" : "m" + all;
    }

    /// <summary>qsThreadInfo: there are no more.</summary>
    public static string Next(PacketContext context, string rest) => "l";

    /// <summary>qThreadExtraInfo: what a thread does.</summary>
    public static string Extra(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest.TrimStart(','));
        return cursor.Thread(out ThreadWord thread) && context.Session.Find(thread) is { } task
            ? HexText.OfText(Does(context.Session, task))
            : PacketText.NoThread;
    }

    /// <summary>qXfer:threads: all threads with their names and what they do.</summary>
    public static string Document(GdbSession session)
    {
        StringBuilder text = new("<?xml version=\"1.0\"?><threads>");
        foreach (TaskView task in session.Tasks)
        {
            text.Append($"<thread id=\"{session.NameOf(task.Pid, task.Tid)}\" core=\"{task.Processor}\" name=\"{Escaped(task.Name)}\">");
            text.Append(Escaped(Does(session, task))).Append("</thread>");
        }

        return HexText.Raw(Encoding.UTF8.GetBytes(text.Append("</threads>").ToString()));
    }

    /// <summary>Where in time the run is, and what the thread does.</summary>
    private static string Does(GdbSession session, TaskView task)
    {
        string time = $"t={session.Journey.Show(session.Journey.Here)}";
        string call = task.CallName.Length > 0 ? $" in {task.CallName}" : "";
        return task.Wait.Kind switch
        {
            _ when task.IsAtWork => $"{time} {(session.Journey.IsAtInstruction ? "CPL3" : "CPL0")}{call}",
            WaitKind.Nothing => $"{time} ready{call}",
            WaitKind.Continue => $"{time} stopped{call}",
            _ => $"{time} waits{call}",
        };
    }

    private static string Escaped(string text) => string.Concat(text.Select(c => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        < ' ' => "?",
        _ => c.ToString(),
    }));
}
