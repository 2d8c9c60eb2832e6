using System.Net;
using System.Net.Sockets;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Listens for gdb, serves one at a time, and turns others away.</summary>
internal sealed class GdbServer : IDisposable
{
    private const string Busy = "E.another debugger is at this run; it has to detach first";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly TcpListener _listener;
    private readonly PacketDesk _desk;
    private readonly Action<string> _say;

    private GdbServer(TcpListener listener, PacketDesk desk, Action<string> say) => (_listener, _desk, _say) = (listener, desk, say);

    /// <summary>The port on which it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Begins to listen.</summary>
    /// <param name="where">Where.</param>
    /// <param name="desk">Who answers.</param>
    /// <param name="say">Tells the user a line.</param>
    /// <exception cref="CommandException">The port cannot be had.</exception>
    public static GdbServer Listen(ListenWord where, PacketDesk desk, Action<string> say)
    {
        TcpListener listener = new(where.Address, where.Port);
        try
        {
            listener.Start();
        }
        catch (SocketException refused)
        {
            throw new CommandException(ExitCodes.Usage, $"port {where.Port} of {where.Address} cannot be listened on: {refused.Message}", "try: --listen 0, for any free port");
        }

        return new GdbServer(listener, desk, say);
    }

    /// <summary>Serves one debugger after the other, until one of them kills the run.</summary>
    public void Serve()
    {
        TcpClient? next = null;
        while (true)
        {
            using TcpClient client = next ?? _listener.AcceptTcpClient();
            client.NoDelay = true;
            Task<TcpClient> knocking = TurnAway(client);
            Farewell farewell;
            using (GdbLink link = new(client.GetStream(), client.GetStream(), _desk))
            {
                farewell = link.Talk();
            }

            if (farewell == Farewell.Kill)
            {
                return;
            }

            _say("the debugger has left; the run stands where it was, and another one may come");
            next = knocking.GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>Turns everybody away while <paramref name="served"/> is served, and gives the first who comes afterwards.</summary>
    private async Task<TcpClient> TurnAway(TcpClient served)
    {
        while (true)
        {
            TcpClient other = await _listener.AcceptTcpClientAsync().ConfigureAwait(false);
            // Whoever has been told that he has left may come again at once.
            if (_desk.Farewell != Farewell.None || !IsServed(served))
            {
                return other;
            }

            _say("a second debugger was turned away: one is served at a time");
            _ = Refuse(other);
        }
    }

    private static bool IsServed(TcpClient client)
    {
        try
        {
            return client.Connected;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Answers the first packet with why not.</summary>
    private static async Task Refuse(TcpClient other)
    {
        using TcpClient client = other;
        using CancellationTokenSource patience = new(Patience);
        try
        {
            byte[] buffer = new byte[PacketReader.MostBytes];
            _ = await client.GetStream().ReadAsync(buffer, patience.Token).ConfigureAwait(false);
            byte[] answer = [.. "+"u8, .. PacketText.Frame(Busy)];
            await client.GetStream().WriteAsync(answer, patience.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // It did not wait for the answer.
        }
    }
}
