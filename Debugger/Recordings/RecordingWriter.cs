using System.Buffers.Binary;
using System.IO.Compression;

namespace MmuEmu.Debugger.Recordings;

/// <summary>Writes a recording while its run goes on, chunk by chunk: cut short anywhere, it can be read up to its last whole chunk.</summary>
/// <param name="stream">Where to; closed with this.</param>
/// <param name="name">What it is called in messages.</param>
internal sealed class RecordingWriter(Stream stream, string name) : IDisposable
{
    /// <summary>Bytes of files that are put into a recording in all: 256 MiB.</summary>
    public const long MostContentBytes = 256L << 20;

    // The fastest: what is written is small, and the run waits for it.
    private const int Quality = 0;
    private const int Window = 22;

    private readonly ChunkWriter _chunk = new();
    private readonly HashSet<string> _contents = [];
    private readonly List<RecordedMoment> _checkpoints = [];
    private readonly List<SegmentSummary> _segments = [];
    private RecordedRun? _run;
    private int _tapeAt;
    private int _diskAt;
    private int _signalsAt;
    private int _items;
    private long _plainBytes;
    private long _contentBytes;

    /// <summary>The recording holds as much as one may: nothing more is written, and it stays cut short.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Begins the file.</summary>
    /// <exception cref="OutputLostException">It cannot be written.</exception>
    public void Begin(RecordedRun run)
    {
        _run = run;
        byte[] header = new byte[RecordingFormat.HeaderBytes];
        RecordingFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), RecordingFormat.Major);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), RecordingFormat.Minor);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(12), Fnv.Of(header.AsSpan(0, 12)));
        Put(() => stream.Write(header));
        RunChunk.Write(_chunk, run);
        Close(ChunkKind.Run);
        Put(stream.Flush);
    }

    /// <summary>Keeps a checkpoint for the next <see cref="Flush"/>.</summary>
    public void Add(in RecordedMoment checkpoint) => _checkpoints.Add(checkpoint);

    /// <summary>Keeps a summary for the next <see cref="Flush"/>.</summary>
    public void Add(SegmentSummary segment) => _segments.Add(segment);

    /// <summary>Writes what is new on the tapes, and then what was kept: a checkpoint in a file has all answers before it there too.</summary>
    /// <exception cref="OutputLostException">It cannot be written.</exception>
    public void Flush(RunTapes tapes)
    {
        WriteTape(tapes.Input.Notes);
        WriteDisk(tapes.Disk);
        for (; _signalsAt < tapes.Signals.Sent.Count; _signalsAt++)
        {
            _items++;
            MomentChunks.Write(_chunk, tapes.Signals.Sent[_signalsAt]);
        }

        Close(ChunkKind.Signals);
        foreach (RecordedMoment checkpoint in _checkpoints)
        {
            _items++;
            MomentChunks.Write(_chunk, checkpoint);
        }

        Close(ChunkKind.Checkpoints);
        foreach (SegmentSummary segment in _segments)
        {
            _items++;
            MomentChunks.Write(_chunk, segment);
            Close(ChunkKind.Segment);
        }

        _checkpoints.Clear();
        _segments.Clear();
        Put(stream.Flush);
    }

    /// <summary>Writes how the run ended; call <see cref="Flush"/> before.</summary>
    /// <exception cref="OutputLostException">It cannot be written.</exception>
    public void End(RecordedEnd end)
    {
        EndChunk.Write(_chunk, end);
        Close(ChunkKind.End);
        Put(stream.Flush);
    }

    /// <summary>Closes the file.</summary>
    /// <exception cref="OutputLostException">What was left could not be written.</exception>
    public void Dispose() => Put(stream.Dispose);

    private void WriteTape(TapeNotes notes)
    {
        while (_tapeAt < notes.Count && !IsFull)
        {
            int first = notes.IndexOf(_tapeAt);
            _tapeAt = TapeChunk.Write(_chunk, notes, _tapeAt);
            _items += notes.IndexOf(_tapeAt) - first;
            Close(ChunkKind.Tape);
        }
    }

    private void WriteDisk(DiskTape disk)
    {
        ChunkWriter answers = new();
        for (; _diskAt < disk.Answers.Count && !IsFull; _diskAt++)
        {
            DiskAnswer answer = disk.Answers[_diskAt];
            FileTrack? track = answer.File?.TrackOn(disk.Host);
            _items += RecordingFormat.DiskItems + answer.Names.Count;
            IsFull |= answer.Names.Count > RecordingFormat.MostTexts;
            DiskChunk.Write(answers, answer, track, HasContent(answer.File, track));
            if (answers.Length >= RecordingFormat.UsualChunkBytes || _diskAt == disk.Answers.Count - 1)
            {
                _chunk.Raw(answers.Bytes);
                answers.Clear();
                Close(ChunkKind.Disk);
            }
        }
    }

    /// <summary>Whether the file's bytes are in the recording, where they are put now if they belong there.</summary>
    private bool HasContent(TapeFile? file, FileTrack? track)
    {
        if (file?.Content is not { } content || track is not { Hash: { } hash } || _contents.Contains(hash))
        {
            return track is { Hash: { } known } && _contents.Contains(known);
        }

        bool isProgram = hash == _run?.ProgramHash;
        if ((SystemFolders.Have(file.Path) && !isProgram) || _contentBytes + content.Length > MostContentBytes)
        {
            return false;
        }

        _items++;
        _contentBytes += content.Length;
        DiskChunk.WriteContent(_chunk, hash, content);
        Close(ChunkKind.File);
        return !IsFull && _contents.Add(hash);
    }

    /// <summary>Ends the chunk that was put together, if there is one.</summary>
    private void Close(ChunkKind kind)
    {
        _plainBytes += _chunk.Length;
        IsFull |= _chunk.Length > RecordingFormat.MostChunkBytes || _plainBytes > RecordingFormat.MostBytes || _items > RecordingFormat.MostItems;
        if (_chunk.Length > 0 && !IsFull)
        {
            ReadOnlySpan<byte> plain = _chunk.Bytes;
            byte[] packed = new byte[plain.Length];
            bool isPacked = BrotliEncoder.TryCompress(plain, packed, out int count, Quality, Window) && count < plain.Length;
            byte[] stored = isPacked ? packed[..count] : plain.ToArray();
            byte[] header = new byte[RecordingFormat.ChunkHeaderBytes];
            new ChunkHeader(
                (uint)kind, isPacked ? ChunkCoding.Brotli : ChunkCoding.Plain, (uint)stored.Length, (uint)plain.Length, Fnv.Of(stored)).Write(header);
            Put(() =>
            {
                stream.Write(header);
                stream.Write(stored);
            });
        }

        _chunk.Clear();
    }

    private void Put(Action write)
    {
        try
        {
            write();
        }
        catch (IOException refused)
        {
            throw new OutputLostException(name, HostFailure.Of(refused));
        }
    }
}
