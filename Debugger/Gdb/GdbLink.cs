using System.Collections.Concurrent;

namespace MmuEmu.Debugger.Gdb;

/// <summary>One connection: takes packets off a stream while the run goes on, and sends the answers.</summary>
/// <param name="input">What comes.</param>
/// <param name="output">What goes; the same stream or another.</param>
/// <param name="desk">Who answers.</param>
internal sealed class GdbLink(Stream input, Stream output, PacketDesk desk) : IDisposable
{
    private const int MostWaiting = 64;
    private const string Monitor = "qRcmd";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly BlockingCollection<WireItem> _waiting = new(MostWaiting);
    private byte[] _sent = [];
    private WireItem? _held;
    private bool _broken;
    private volatile bool _over;
    private volatile string? _atWork;
    private volatile bool _abandoned;

    /// <summary>Talks until one side goes.</summary>
    /// <returns>How the other end left.</returns>
    public Farewell Talk()
    {
        Thread reader = new(ReadAll) { IsBackground = true, Name = "gdb" };
        reader.Start();
        desk.Begin(SendConsole);
        while (!_broken && Next() is { Kind: not WireKind.End } item)
        {
            if (Take(item) is { } farewell)
            {
                return farewell;
            }
        }

        return Farewell.Detach;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over = true;
        _waiting.CompleteAdding();
        input.Dispose();
        output.Dispose();
    }

    /// <summary>What is to be answered next; of a packet that was sent again because the answer took long, the last one.</summary>
    private WireItem Next()
    {
        WireItem item = _held ?? _waiting.Take();
        _held = null;
        while (item.Kind == WireKind.Packet && !desk.Session.Wishes.Quiet && _waiting.TryTake(out WireItem later))
        {
            if (later != item)
            {
                _held = later;
                break;
            }

            Write("+"u8);
        }

        return item;
    }

    private Farewell? Take(WireItem item)
    {
        switch (item.Kind)
        {
            case WireKind.Packet:
                return Answer(item.Text);
            case WireKind.Damaged:
                Write("-"u8);
                return null;
            case WireKind.Again:
                Write(_sent);
                return null;
            default:
                return null;
        }
    }

    private Farewell? Answer(string packet)
    {
        if (!desk.Session.Wishes.Quiet)
        {
            Write("+"u8);
        }

        _abandoned = false;
        bool isKill = packet == "k";
        string answer = packet.StartsWith(Monitor, StringComparison.Ordinal) ? AnswerPatiently(packet) : desk.Answer(packet);
        if (!isKill && !_abandoned)
        {
            _sent = PacketText.Frame(answer);
            Write(_sent);
        }

        return desk.Farewell == Farewell.None ? null : desk.Farewell;
    }

    /// <summary>A line of the command language may take long: the other end hears that it is at work, and leaves it by sending something else.</summary>
    /// <remarks>gdb says nothing when its user wants no more of a <c>monitor</c> command. What it asks next has to be answered with its own answer.</remarks>
    private string AnswerPatiently(string packet)
    {
        _atWork = packet;
        using Timer alive = new(_ => SayAlive(), null, Patience, Patience);
        string answer = desk.Answer(packet);
        lock (_gate)
        {
            _atWork = null;
        }

        return answer;
    }

    /// <summary>Nothing, as console output; never behind the answer.</summary>
    private void SayAlive()
    {
        lock (_gate)
        {
            if (_atWork is not null)
            {
                SendConsole([]);
            }
        }
    }

    /// <summary>Console output in the middle of an answer; a stream that takes a part of a packet only would end the connection.</summary>
    private void SendConsole(byte[] bytes)
    {
        const int most = (PacketReader.MostBytes / 2) - 16;
        int at = 0;
        do
        {
            if (!_abandoned)
            {
                Write(PacketText.Frame("O" + HexText.Of(bytes.AsSpan(at, Math.Min(most, bytes.Length - at)))));
            }

            at += most;
        }
        while (at < bytes.Length);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            lock (_gate)
            {
                output.Write(bytes);
                output.Flush();
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            _broken = true;
        }
    }

    private void ReadAll()
    {
        PacketReader packets = new();
        byte[] buffer = new byte[PacketReader.MostBytes];
        try
        {
            for (int count = input.Read(buffer); count > 0; count = input.Read(buffer))
            {
                foreach (byte next in buffer.AsSpan(0, count))
                {
                    Hear(packets.Take(next));
                }
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other end is gone, or this one: there is nothing left to hear.
        }

        // A run that nobody waits for any more need not go on; by now it may be somebody else's.
        if (!_over)
        {
            desk.GiveUp();
        }

        try
        {
            _waiting.Add(new WireItem(WireKind.End));
        }
        catch (InvalidOperationException)
        {
            // Nobody takes any more.
        }
    }

    private void Hear(WireItem? item)
    {
        if (item is { Kind: WireKind.Interrupt })
        {
            desk.Interrupt();
        }
        else if (item is { } known)
        {
            if (known.Kind == WireKind.Packet && _atWork is { } packet && known.Text != packet)
            {
                _abandoned = true;
                desk.GiveUp();
            }

            _waiting.Add(known);
        }
    }
}
