using System.CommandLine;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Gdb;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>A run that waits for debuggers on a port of its own.</summary>
internal sealed class ServedRun : IDisposable
{
    private readonly TravelSession _session;
    private readonly PacketDesk _desk;
    private readonly GdbServer _server;
    private readonly Task _serving;

    private ServedRun(TravelSession session, PacketDesk desk, GdbServer server)
    {
        (_session, _desk, _server) = (session, desk, server);
        _serving = Task.Run(server.Serve);
    }

    public int Port => _server.Port;

    public static ServedRun Start(string line)
    {
        RunFlags flags = new();
        Command command = new("gdb");
        flags.AddTo(command);
        GuestStreams streams = new(new BytesInput(default), new BytesOutput(), new BytesOutput());
        TravelSession session = TravelTarget.Open(command.Parse(line.Split(' ')), flags, new TimelineRules(), streams, _ => { });
        PacketDesk desk = new(session.Journey, new GdbConsole(), new PlainMonitor(session.Journey).Run);
        return new ServedRun(session, desk, GdbServer.Listen(ListenWord.Of("0"), desk, _ => { }));
    }

    /// <summary>Waits until a debugger has killed the run.</summary>
    public Task Ended() => _serving;

    /// <summary>Kills the run.</summary>
    public async Task Stop()
    {
        using (WireClient last = new(Port))
        {
            last.Send("k");
            await _serving;
        }

        Dispose();
    }

    public void Dispose()
    {
        _server.Dispose();
        _desk.Dispose();
        _session.Dispose();
    }
}
