using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Recordings;

/// <summary>The chunk RUN: what runs and how.</summary>
internal static class RunChunk
{
    /// <summary>Writes it.</summary>
    public static void Write(ChunkWriter chunk, RecordedRun run)
    {
        chunk.Text(run.Version);
        chunk.Text(run.Record.Guest);
        chunk.Texts(run.Record.Arguments);
        chunk.TextOrNull(run.Record.Program);
        chunk.TextOrNull(run.Record.Folder);
        chunk.Number((ulong)run.Record.Options.Count);
        foreach (RecordedOption option in run.Record.Options)
        {
            chunk.Text(option.Name);
            chunk.Number((ulong)option.Takes);
            chunk.Texts([.. option.Values]);
            chunk.Number((ulong)option.By);
            chunk.Flag(option.Written is not null);
            if (option.Written is { } written)
            {
                chunk.Texts([.. written]);
            }
        }

        chunk.Text(run.ProgramFile);
        chunk.HashOrNull(run.ProgramHash);
        chunk.Flag(run.Kinds.Input);
        chunk.Flag(run.Kinds.Output);
        chunk.Flag(run.Kinds.Error);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="BadChunkException">It is none, or the second one.</exception>
    public static void Read(ChunkReader chunk, RecordingParts parts)
    {
        if (parts.Run is not null)
        {
            throw new BadChunkException("one run", "a second one");
        }

        string version = chunk.Text();
        string guest = chunk.Text();
        string[] arguments = chunk.Texts("arguments");
        string? program = chunk.TextOrNull();
        string? folder = chunk.TextOrNull();
        List<RecordedOption> options = [];
        for (int left = chunk.Count("options", RecordingFormat.MostOptions); left > 0; left--)
        {
            options.Add(OptionOf(chunk));
        }

        RunRecord record = new(guest, arguments, program, folder, options);
        parts.Run = new RecordedRun(version, record, chunk.Text(), chunk.HashOrNull(), new StreamKinds(chunk.Flag(), chunk.Flag(), chunk.Flag()));
    }

    private static RecordedOption OptionOf(ChunkReader chunk)
    {
        string name = chunk.Text();
        OptionValues takes = (OptionValues)chunk.Number("a number of a kind of option", (int)OptionValues.Many);
        string[] values = chunk.Texts("values");
        OptionOrigin by = (OptionOrigin)chunk.Number("a number of who decided an option", (int)OptionOrigin.Typed);
        return new RecordedOption(name, takes, values, by) { Written = chunk.Flag() ? chunk.Texts("values") : null };
    }
}
