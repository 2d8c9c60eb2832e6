using MmuEmu.Debugger.Recordings;

namespace MmuEmu.Debugger.Exports;

/// <summary>Where an export goes: a file, or a stream of the command; counts its bytes.</summary>
internal sealed class ExportOutput : Stream
{
    private readonly Stream _inner;
    private readonly string? _file;
    private readonly byte[] _waiting = new byte[1 << 16];
    private int _count;

    private ExportOutput(Stream inner, string? file) => (_inner, _file) = (inner, file);

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => Written;

    /// <inheritdoc/>
    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    /// <summary>Into a stream that is somebody else's.</summary>
    public static ExportOutput To(Stream stream) => new(stream, null);

    /// <summary>Into a file, which is made or written over; what is exported, and any recording, is left alone.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="source">The file that is exported.</param>
    /// <exception cref="CommandException">It cannot be.</exception>
    public static ExportOutput To(string file, string source)
    {
        if (RecordingFile.IsRecording(file) || (File.Exists(source) && Path.GetFullPath(source) == Path.GetFullPath(file.Length == 0 ? "." : file)))
        {
            throw new CommandException(
                ExitCodes.Usage, $"-o '{file}': expected a name that is free, or an older export, found {(RecordingFile.IsRecording(file) ? "a recording" : "GUEST itself")}", "try: -o trace.out");
        }

        try
        {
            return new ExportOutput(new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0), file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string why = file.Length == 0 ? "the name is empty" : Directory.Exists(file) ? "it is a folder" : refused.Message;
            throw new CommandException(ExitCodes.Usage, $"cannot write '{file}': {why}", "try: -o trace.out");
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Written += buffer.Length;
        while (buffer.Length > 0)
        {
            int part = Math.Min(buffer.Length, _waiting.Length - _count);
            buffer[..part].CopyTo(_waiting.AsSpan(_count));
            _count += part;
            buffer = buffer[part..];
            if (_count == _waiting.Length)
            {
                PassOn();
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        PassOn();
        _inner.Flush();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _file is not null)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void PassOn()
    {
        // What cannot be written once is not tried again.
        int count = _count;
        _count = 0;
        try
        {
            _inner.Write(_waiting, 0, count);
        }
        catch (IOException refused)
        {
            throw new CommandException(ExitCodes.OutputLost, $"cannot write to '{_file}': {refused.Message}", "try: -o with a place that has room");
        }
    }
}
