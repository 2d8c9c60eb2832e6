using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Recordings;

/// <summary>Every answer of the host's streams in its order, to be given again as often as a run begins again behind it.</summary>
/// <remarks>
/// Before its end the tape answers, and no host is asked; at the end the host is, and its answer is noted. What goes out goes to the host once:
/// where a run writes again it is compared. A question that is not the one that was noted departs from the tape, which answers from then on as
/// one that is over: reads are at their end, writes lead nowhere. Nothing here throws through the kernel. All that came in is kept, and of what
/// went out the digests and the last bytes.
/// </remarks>
internal sealed class InputTape
{
    /// <summary>How many of the last bytes of each output are kept: 4 MiB.</summary>
    public const int MostShownBytes = 4 << 20;

    private readonly GuestStreams? _shows;
    private readonly InputAhead _ahead = new();
    private GuestStreams? _host;
    private bool _isMadeUp;
    private readonly ShownOutput[] _shown = [new(MostShownBytes), new(MostShownBytes), new(MostShownBytes)];
    private readonly Sha256Digest[] _hashes = [new(), new(), new()];
    private int _index;
    private int _position;

    private InputTape(TapeNotes notes, StreamKinds kinds, GuestStreams? host, GuestStreams? shows)
    {
        (Notes, Kinds, _host, _shows) = (notes, kinds, host, shows);
        Streams = new GuestStreams(new TapeStream(this, 0), new TapeStream(this, 1), new TapeStream(this, 2));
    }

    /// <summary>What was noted.</summary>
    public TapeNotes Notes { get; }

    /// <summary>Which streams are terminals.</summary>
    public StreamKinds Kinds { get; }

    /// <summary>The streams to give to a kernel.</summary>
    public GuestStreams Streams { get; }

    /// <summary>Where the run is: how many answers it was given. It can be set to where a run has been; that takes back that the tape is over.</summary>
    public int Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Furthest);
            (_position, _index, Over) = (value, Notes.IndexOf(value), null);
        }
    }

    /// <summary>The highest position where a run has been: what was written before it has gone out.</summary>
    public int Furthest { get; private set; }

    /// <summary>The first question behind the end of a tape without a host, or with as many answers as there are positions; null while there was none.</summary>
    public TapeEnd? Over { get; private set; }

    /// <summary>The first question that was not the noted one; null while there was none. It stays.</summary>
    public TapeDeparture? Departed { get; private set; }

    private bool HasHost => _host is not null && Departed is null && !Notes.IsFull;

    /// <summary>A tape that is empty, of streams of the host.</summary>
    public static InputTape Of(GuestStreams host) => new(new TapeNotes(), StreamKinds.Of(host), host, host);

    /// <summary>A tape that was made before.</summary>
    /// <param name="notes">What was noted.</param>
    /// <param name="kinds">Which streams are terminals.</param>
    /// <param name="shows">Where output goes when it is written the first time; null for nowhere. It is asked nothing, and what it refuses is lost.</param>
    public static InputTape Again(TapeNotes notes, StreamKinds kinds, GuestStreams? shows) => new(notes, kinds, null, shows);

    /// <summary>Somebody types for the guest, where the run is, at T <paramref name="time"/>: it is what the guest reads next.</summary>
    public void Type(ulong time, ReadOnlySpan<byte> text) => _ahead.Type(time, text);

    /// <summary>Another future begins where the run is, at T <paramref name="time"/>: the answers behind are forgotten, and what was read there will be read again.</summary>
    /// <remarks>A tape that was made before has from now on a host that nobody sits at.</remarks>
    public void Cut(ulong time)
    {
        List<(int, byte[])> reads = [];
        for (int i = Notes.IndexOf(Position); i < Notes.Length; i++)
        {
            if (Notes[i] is { Ask: { Stream: 0, Question: TapeQuestion.Read }, DataLength: > 0 and int length } note)
            {
                byte[] bytes = new byte[length];
                Notes.CopyData(note, bytes);
                reads.Add((Notes.StartOf(i), bytes));
            }
        }

        _ahead.Cut(time, Position, reads);
        Notes.Cut(Position);
        Console.Cut(Position);
        Array.ForEach(_shown, shown => shown.Cut(Position));
        (Furthest, _index, Departed, Over) = (Position, Notes.Length, null, null);
        _isMadeUp |= _host is null;
        _host ??= new GuestStreams(new TailStream(), _shows?.Output ?? new TailStream(), _shows?.Error ?? new TailStream());
    }

    /// <summary>What went out of all streams, in the order in which it was written.</summary>
    public ShownOutput Console { get; } = new(MostShownBytes);

    /// <summary>What went out of one stream; a guest writes to its input too where that is a terminal.</summary>
    public ShownOutput Shown(int stream) => _shown[stream];

    /// <summary>SHA-256 of all that went out of one stream, in lower-case hexadecimal digits.</summary>
    public string HashOf(int stream) => FileHash.TextOf(new Sha256Digest(_hashes[stream]));

    /// <summary>The answer to a question that brings no bytes out.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="incoming">Where bytes that come in go.</param>
    public TapeNote Answer(in TapeAsk ask, Span<byte> incoming)
    {
        if (!IsNoted(ask, out TapeNote note))
        {
            return HasHost ? AskHost(ask, incoming) : AtEnd(ask);
        }

        Notes.CopyData(note, incoming);
        Advance();
        return note;
    }

    /// <summary>The answer to a question that brings bytes out.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="outgoing">The bytes.</param>
    public TapeNote Answer(in TapeAsk ask, ReadOnlySpan<byte> outgoing)
    {
        bool isNoted = IsNoted(ask, out TapeNote note);
        if (!isNoted)
        {
            if (!HasHost)
            {
                return AtEnd(ask);
            }

            note = TapeHost.Ask(_host!, ask, [], outgoing);
            Notes.Add(note, []);
        }

        bool isNew = _position == Furthest;
        Advance();
        if (ask.Question == TapeQuestion.Write && isNew)
        {
            Show(note, outgoing, isNoted);
        }

        return note;
    }

    /// <summary>Output that is new goes to the host when it is asked, and of a tape that was made before, when it comes by.</summary>
    private void Show(in TapeNote note, ReadOnlySpan<byte> outgoing, bool isNoted)
    {
        ReadOnlySpan<byte> written = outgoing[..note.Count];
        _shown[note.Ask.Stream].Add(_position, written);
        Console.Add(_position, written);
        _hashes[note.Ask.Stream].BlockUpdate(written);
        if (isNoted && _shows is not null)
        {
            _ = TapeHost.StreamOf(_shows, note.Ask.Stream).Write(written, out _);
        }
    }

    private bool IsNoted(in TapeAsk ask, out TapeNote note)
    {
        note = default;
        // What was noted before the departure comes again as it came: a run that departs does so in the same way each time.
        if (_position == Notes.Count || _position >= Departed?.Position)
        {
            return false;
        }

        note = Notes[_index];
        if (note.Ask == ask)
        {
            return true;
        }

        Departed = new TapeDeparture(_position, note.Ask, ask);
        return false;
    }

    private TapeNote AskHost(in TapeAsk ask, Span<byte> incoming)
    {
        TapeNote note = Ahead(ask, incoming) ?? TapeHost.Ask(_host!, ask, incoming, []);
        Notes.Add(note, incoming[..note.DataLength]);
        Advance();
        return note;
    }

    /// <summary>What is known without the host: what lies ahead of the guest, and how the terminal was when there was one; null for all else.</summary>
    private TapeNote? Ahead(in TapeAsk ask, Span<byte> incoming)
    {
        if (ask is { Stream: 0, Question: TapeQuestion.Read or TapeQuestion.HasInput } && !_ahead.IsEmpty)
        {
            return new TapeNote(ask, Errno.None, ask.Question == TapeQuestion.HasInput ? 1 : _ahead.Read(Position, incoming), -1);
        }

        if (ask.Question != TapeQuestion.ReadModes || LastModes(ask.Stream) is not { } known)
        {
            return null;
        }

        Notes.CopyData(known, incoming);
        return known with { DataAt = -1 };
    }

    /// <summary>The last settings of a terminal that is no longer there; null for another stream.</summary>
    private TapeNote? LastModes(byte stream)
    {
        for (int i = Notes.Length - 1; i >= 0 && _isMadeUp; i--)
        {
            if (Notes[i] is { Ask.Question: TapeQuestion.ReadModes, Errno: Errno.None } note && note.Ask.Stream == stream)
            {
                return note;
            }
        }

        return null;
    }

    private TapeNote AtEnd(in TapeAsk ask)
    {
        Over ??= Departed is null ? new TapeEnd(_position, ask) : null;
        return ask.Question switch
        {
            TapeQuestion.Write => new TapeNote(ask, Errno.None, ask.Asked, -1),
            TapeQuestion.HasInput => new TapeNote(ask, Errno.None, 1, -1),
            TapeQuestion.Size => new TapeNote(ask, Errno.None, TapeHost.UsualSize, -1),
            TapeQuestion.ReadModes => new TapeNote(ask, Errno.ENOTTY, 0, -1),
            _ => new TapeNote(ask, Errno.None, 0, -1),
        };
    }

    private void Advance()
    {
        _position++;
        Furthest = Math.Max(Furthest, _position);
        _index = _position == Notes.Count ? Notes.Length
            : Notes.StartOf(_index + 1) == _position ? _index + 1
            : _index;
    }
}
