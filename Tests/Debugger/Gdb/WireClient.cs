using System.Net.Sockets;
using MmuEmu.Debugger.Gdb;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>A debugger at the other end of a connection.</summary>
internal sealed class WireClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TcpClient _client = new();
    private readonly NetworkStream _stream;

    public WireClient(int port)
    {
        _client.Connect("127.0.0.1", port);
        _stream = _client.GetStream();
        _stream.ReadTimeout = (int)Patience.TotalMilliseconds;
    }

    public string Ask(string packet)
    {
        Send(packet);
        return Receive();
    }

    public void Send(string packet) => Write(PacketText.Frame(packet));

    public void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <summary>The next packet that is no console output; runs are not resolved.</summary>
    public string Receive()
    {
        string packet = ReceiveAny();
        while (packet.StartsWith('O') && packet != "OK")
        {
            packet = ReceiveAny();
        }

        return packet;
    }

    /// <summary>The next packet; runs are not resolved.</summary>
    public string ReceiveAny()
    {
        PacketReader reader = new();
        while (_stream.ReadByte() is >= 0 and var next)
        {
            if (reader.Take((byte)next) is { Kind: WireKind.Packet } item)
            {
                return item.Text;
            }
        }

        return "(gone)";
    }

    public void Dispose() => _client.Dispose();
}
