using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Going on, forwards and backwards, and leaving.</summary>
internal static class ResumePackets
{
    private enum MoveKind
    {
        Continue,
        Step,
        Range,
    }

    /// <summary>?: why it stands here.</summary>
    public static string Why(PacketContext context, string rest) => Answer(context.Session, StopHere.Of(context.Session));

    /// <summary>vCont?: the ways to go on.</summary>
    public static string Ways(PacketContext context, string rest) => "vCont;c;C;s;S;t;r";

    /// <summary>vCont: what each thread does; one of them may step, and the others run as they are due.</summary>
    public static string Resume(PacketContext context, string rest)
    {
        Order order = new(MoveKind.Continue, 0);
        Signal? signal = null;
        foreach (string word in rest.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryAction(context.Session, word, out Order action, out Signal? sent))
            {
                return PacketText.Malformed;
            }

            signal ??= sent;
            order = order.Kind == MoveKind.Continue ? action : order;
        }

        return Move(context, order, signal);
    }

    /// <summary>c, C: goes on.</summary>
    public static string Continue(PacketContext context, string rest) => Move(context, new Order(MoveKind.Continue, 0), SignalIn(context.Session, rest));

    /// <summary>s, S: one instruction.</summary>
    public static string Step(PacketContext context, string rest) => Move(context, new Order(MoveKind.Step, context.Session.StepTid), SignalIn(context.Session, rest));

    /// <summary>bc: goes back.</summary>
    public static string ContinueBack(PacketContext context, string rest) => Told(context, () => context.Runner.Go(Direction.Backward));

    /// <summary>bs: one instruction back.</summary>
    /// <remarks>
    /// gdb names the thread only when no other may move. Before the step that its user wants it may take a thread that stands at a breakpoint back by one,
    /// which it does name, and then it has told already whose step it is.
    /// </remarks>
    public static string StepBack(PacketContext context, string rest)
    {
        GdbSession session = context.Session;
        ThreadWord? named = session.Named is { } thread && session.Find(thread) is not null ? session.Named : null;
        int tid = session.StepTid > 0 ? session.StepTid : named?.Tid ?? session.Picked?.Tid ?? 0;
        string answer = Told(context, () => context.Runner.StepBack(tid));
        session.Named = session.StepTid > 0 ? named : null;
        return answer;
    }

    /// <summary>D: the debugger leaves a process, or the session.</summary>
    public static string Detach(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        if (cursor.Skip(';') && cursor.Small(out int pid))
        {
            context.Session.Detach(pid);
            context.Farewell = context.Session.Tasks.Any() ? Farewell.None : Farewell.Detach;
            return PacketText.Ok;
        }

        context.Farewell = Farewell.Detach;
        return PacketText.Ok;
    }

    /// <summary>k, vKill: the user is done, with one process or with the run.</summary>
    public static string Kill(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        if (cursor.Skip(';') && cursor.Small(out int pid) && context.Session.Tasks.Any(task => task.Pid != pid))
        {
            context.Session.Detach(pid);
            context.Session.Console.Say($"process {pid} is let go, not killed: its end is a part of the run, and other processes are looked at still");
            return PacketText.Ok;
        }

        context.Farewell = Farewell.Kill;
        return PacketText.Ok;
    }

    /// <summary>vRun, R: from the begin again, whatever program is named.</summary>
    public static string Restart(PacketContext context, string rest)
    {
        context.Session.Journey.Edge(Direction.Backward);
        context.Session.Last = null;
        return Why(context, "");
    }

    private static bool TryAction(GdbSession session, string word, out Order order, out Signal? signal)
    {
        PacketCursor cursor = new(word);
        (order, signal) = (new Order(MoveKind.Continue, 0), null);
        (ulong start, ulong end) = (0, 0);
        switch (word[0])
        {
            case 'c' or 's' or 't':
                cursor.Skip(word[0]);
                break;
            case 'C' or 'S' when cursor.Skip(word[0]) && cursor.Small(out int number):
                signal = session.SignalOf(number);
                break;
            case 'r' when cursor.Skip('r') && cursor.Pair(',', out start, out end):
                break;
            default:
                return false;
        }

        ThreadWord thread = default;
        if (cursor.Skip(':') && !cursor.Thread(out thread))
        {
            return false;
        }

        MoveKind kind = word[0] switch { 's' or 'S' => MoveKind.Step, 'r' => MoveKind.Range, _ => MoveKind.Continue };
        order = new Order(kind, Math.Max(thread.Tid, 0)) { Start = start, End = end };
        return cursor.IsOver;
    }

    private static Signal? SignalIn(GdbSession session, string rest)
    {
        PacketCursor cursor = new(rest);
        return cursor.Small(out int number) ? session.SignalOf(number) : null;
    }

    private static string Move(PacketContext context, Order order, Signal? signal)
    {
        GdbSession session = context.Session;
        if (session.Last is { Kind: GdbStopKind.Signal } last && (signal ?? Signal.None) != last.Signal)
        {
            session.Console.Say($"{last.Signal} reaches the guest all the same: it is a part of the run");
        }

        int tid = order.Tid > 0 ? order.Tid : session.Picked?.Tid ?? 0;
        return Told(context, () => order.Kind switch
        {
            MoveKind.Step => context.Runner.Step(tid),
            MoveKind.Range => context.Runner.StepRange(tid, order.Start, order.End),
            MoveKind.Continue => context.Runner.Go(Direction.Forward),
        });
    }

    private static string Told(PacketContext context, Func<GdbStop> move)
    {
        GdbSession session = context.Session;
        context.Request.Begin();
        if (context.Send is { } send)
        {
            session.Console.Open(send);
        }

        try
        {
            session.Last = move();
            session.Walked = session.Last.Kind == GdbStopKind.Signal ? null : session.Walked;
        }
        catch (DepartedException departed)
        {
            session.Last = null;
            session.Console.Say(departed.Message);
            session.Last = StopHere.Of(session);
        }
        finally
        {
            if (context.Trouble() is { } trouble && trouble != context.Told)
            {
                context.Told = trouble;
                session.Console.Say(trouble);
            }

            context.Request.End();
            session.Console.Close();
        }

        return Answer(session, session.Last);
    }

    /// <summary>The stop as a packet; from now on its thread is asked about until another one is named.</summary>
    private static string Answer(GdbSession session, GdbStop stop)
    {
        session.Pick(new ThreadWord(null, stop.Tid));
        session.Named = null;
        return StopReply.Of(session, stop);
    }

    /// <param name="Kind">How far.</param>
    /// <param name="Tid">The thread; 0 for the one at work.</param>
    private readonly record struct Order(MoveKind Kind, int Tid)
    {
        public ulong Start { get; init; }

        public ulong End { get; init; }
    }
}
