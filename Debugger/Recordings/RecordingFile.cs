namespace MmuEmu.Debugger.Recordings;

/// <summary>Opens recordings on the host's disk, or says why not.</summary>
internal static class RecordingFile
{
    /// <summary>How a recording is made, as a hint.</summary>
    public const string MakeOne = "try: mmuemu run --record run.mmurec GUEST";

    /// <summary>Opens <paramref name="file"/> to be read.</summary>
    /// <exception cref="CommandException">It cannot be.</exception>
    public static Stream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            throw new CommandException(ExitCodes.Usage, $"cannot read '{file}': {WordsOf(file, refused)}", MakeOne);
        }
    }

    /// <summary>Begins a recording in <paramref name="file"/>; an older one there is written over, anything else is left alone.</summary>
    /// <exception cref="CommandException">It cannot be made.</exception>
    public static RecordingWriter Create(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > 0 } && !IsRecording(file))
            {
                throw new CommandException(
                    ExitCodes.Usage, $"'{file}' is there and is no recording: expected a name that is free, or an older recording", "try: --record run.mmurec");
            }

            return new RecordingWriter(new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read), $"'{file}'");
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            throw new CommandException(ExitCodes.Usage, $"cannot write '{file}': {WordsOf(file, refused)}", "try: --record run.mmurec");
        }
    }

    /// <summary>Refuses a recording that ends before its run begins.</summary>
    /// <exception cref="CommandException">It does.</exception>
    public static void DemandRun(Recording recording)
    {
        if (recording is { IsCut: true, Checkpoints.Count: 0 })
        {
            throw new CommandException(
                ExitCodes.Usage, $"'{recording.File}' is cut short before its run began: expected a moment of it, found none in its {recording.WholeBytes} whole bytes", MakeOne);
        }
    }

    /// <summary>Whether a file begins as recordings do.</summary>
    public static bool IsRecording(string file)
    {
        try
        {
            // Reading from a pipe would wait for somebody who writes, and take from what he has written.
            if (new FileInfo(file) is not { Exists: true, Length: > 0 })
            {
                return false;
            }

            using FileStream content = File.OpenRead(file);
            byte[] begin = new byte[RecordingFormat.Magic.Length];
            return content.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length && RecordingFormat.Magic.SequenceEqual(begin);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            return false;
        }
    }

    private static bool IsRefusal(Exception refused) => refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static string WordsOf(string file, Exception refused) =>
        file.Length == 0 ? "the name is empty" : Directory.Exists(file) ? "it is a folder" : refused.Message;
}
