using System.Text;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Finds packets in what comes over the wire, byte by byte, in whatever pieces it comes.</summary>
/// <remarks>
/// <code>
///  + -            the last packet was understood, was not
///  03             stop
///  $ data # xx    a packet; in data } escapes the next byte, which has bit 5 turned over
/// </code>
/// Source: [GDB manual, "Overview" of the remote protocol].
/// </remarks>
internal sealed class PacketReader
{
    /// <summary>Bytes of a packet, at most; a longer one is passed over.</summary>
    public const int MostBytes = 16 << 10;

    private const byte InterruptByte = 3;
    private readonly StringBuilder _text = new();
    private State _state;
    private byte _sum;
    private int _length;
    private int _expected;

    private enum State
    {
        Outside,
        Data,
        Escaped,
        FirstDigit,
        SecondDigit,
    }

    /// <summary>Takes one byte.</summary>
    /// <returns>What it completes; null for nothing.</returns>
    public WireItem? Take(byte next) => _state switch
    {
        State.Outside => Outside(next),
        State.Data or State.Escaped => Inside(next),
        State.FirstDigit => FirstDigit(next),
        State.SecondDigit => Close(next),
    };

    private WireItem? Outside(byte next)
    {
        switch (next)
        {
            case (byte)'$':
                Begin();
                return null;
            case (byte)'-':
                return new WireItem(WireKind.Again);
            case InterruptByte:
                return new WireItem(WireKind.Interrupt);
            default:
                return null;
        }
    }

    private void Begin()
    {
        _text.Clear();
        (_state, _sum, _length) = (State.Data, 0, 0);
    }

    private WireItem? Inside(byte next)
    {
        if (_state == State.Data && next is (byte)'#' or (byte)'$')
        {
            // A packet that begins inside another: the first one was cut off.
            if (next == (byte)'$')
            {
                Begin();
                return null;
            }

            _state = State.FirstDigit;
            return null;
        }

        _sum += next;
        _length++;
        if (_state == State.Data && next == (byte)'}')
        {
            _state = State.Escaped;
            return null;
        }

        if (_length <= MostBytes)
        {
            _text.Append((char)(_state == State.Escaped ? next ^ 0x20 : next));
        }

        _state = State.Data;
        return null;
    }

    private WireItem? FirstDigit(byte next)
    {
        (_expected, _state) = (HexText.DigitOf((char)next) << 4, State.SecondDigit);
        return null;
    }

    private WireItem? Close(byte next)
    {
        _state = State.Outside;
        bool right = _length <= MostBytes && (_expected | HexText.DigitOf((char)next)) == _sum;
        return right ? new WireItem(WireKind.Packet, _text.ToString()) : new WireItem(WireKind.Damaged);
    }
}
