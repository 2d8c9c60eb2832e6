namespace MmuEmu.Debugger.Recordings;

/// <summary>The bytes of a file in their order; it may be a pipe, whose length nobody knows.</summary>
/// <param name="content">The bytes.</param>
/// <param name="file">The file's name, for messages.</param>
internal sealed class RecordingBytes(Stream content, string file)
{
    private const int PartBytes = 1 << 20;

    /// <summary>The file's name, for messages.</summary>
    public string File => file;

    /// <summary>How many bytes were taken.</summary>
    public long Position { get; private set; }

    /// <summary>Fills <paramref name="destination"/>, or takes what there is.</summary>
    /// <returns>How many bytes.</returns>
    /// <exception cref="CommandException">The host refuses.</exception>
    public int Read(Span<byte> destination)
    {
        try
        {
            int count = content.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            Position += count;
            return count;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"cannot read '{file}': {refused.Message}", RecordingFile.MakeOne);
        }
    }

    /// <summary>That many bytes; null when there are fewer. Room is taken only for what is there.</summary>
    /// <exception cref="CommandException">The host refuses.</exception>
    public byte[]? Take(int count)
    {
        byte[] bytes = new byte[Math.Min(count, PartBytes)];
        for (int done = 0; done < count;)
        {
            if (done == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
            }

            int got = Read(bytes.AsSpan(done));
            done += got;
            if (done < bytes.Length)
            {
                return null;
            }
        }

        return bytes;
    }
}
