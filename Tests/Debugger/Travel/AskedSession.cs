using System.CommandLine;
using System.Text;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Debugger.View;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>A session of a program that repeats what it reads from its standard input, four bytes at a time, and of its recordings.</summary>
internal sealed class AskedSession : IDisposable
{
    private readonly AsmGuest? _guest;

    private AskedSession(TravelSession session, AsmGuest? guest)
    {
        (Session, _guest) = (session, guest);
        KernelOptions options = session.Plan.Options;
        Monitor = new MonitorSession(session.Journey, new WhyStyle(new SoftPteFormat(options.Profile), Paint.None, options.Pressure, options.Cpu));
    }

    public TravelSession Session { get; }

    public MonitorSession Monitor { get; }

    public Journey Journey => Session.Journey;

    /// <summary>What the program has written where the session is.</summary>
    public string Written => Journey.Look(_ => Encoding.UTF8.GetString(Session.Tape.Tapes.Input.Console.LastAt(Session.Tape.Position, 4096)));

    /// <summary>A session of the program with that input.</summary>
    public static AskedSession With(string input)
    {
        AsmGuest guest = Repeater();
        RunFlags flags = new();
        PlannedRun plan = RunPlan.Of(Command(flags).Parse([guest.Path]), flags);
        return new AskedSession(TravelSession.Start(plan, new GuestStreams(new SilentStream(Encoding.UTF8.GetBytes(input)), new SilentStream(), new SilentStream()), new TimelineRules(), static _ => { }), guest);
    }

    /// <summary>A session of a recording.</summary>
    public static AskedSession Of(Recording recording)
    {
        RunFlags flags = new();
        PlannedRun plan = RunPlan.OnTape(recording.Run.Record, Command(flags).Parse(["none"]), flags);
        return new AskedSession(TravelSession.Open(recording, plan, null, new TimelineRules(), static _ => { }), null);
    }

    /// <summary>The program.</summary>
    public static AsmGuest Repeater() => new(c =>
    {
        Iced.Intel.Label again = c.CreateLabel();
        Iced.Intel.Label end = c.CreateLabel();
        c.sub(rsp, 64);
        c.Label(ref again);
        c.xor(eax, eax);
        c.xor(edi, edi);
        c.mov(rsi, rsp);
        c.mov(edx, 4);
        c.syscall();
        c.test(rax, rax);
        c.jle(end);
        c.mov(rdx, rax);
        c.mov(edi, 1);
        c.mov(eax, 1);
        c.syscall();
        c.jmp(again);
        c.Label(ref end);
        c.mov(eax, 231);
        c.xor(edi, edi);
        c.syscall();
    });

    /// <summary>Goes to the end, and gives what was written until there.</summary>
    public string ToEnd()
    {
        Journey.Edge(Direction.Forward).Reason.ShouldBe(StopReason.End);
        return Written;
    }

    /// <summary>Does commands, none of which may fail.</summary>
    public void Tell(params string[] lines)
    {
        foreach (string line in lines)
        {
            IReadOnlyList<string> answer = Monitor.Execute(line);
            Monitor.Failed.ShouldBeFalse($"{line}: {string.Join('\n', answer)}");
        }
    }

    public void Dispose()
    {
        Monitor.Dispose();
        Session.Dispose();
        _guest?.Dispose();
    }

    private static Command Command(RunFlags flags)
    {
        Command command = new("debug");
        flags.AddTo(command);
        return command;
    }
}
