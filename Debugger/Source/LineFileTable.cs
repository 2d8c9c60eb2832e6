namespace MmuEmu.Debugger.Source;

/// <summary>The tables of folders and files in a line table of version 5, whose columns they describe themselves.</summary>
/// <remarks>Source: [DWARF5 "The Line Number Program Header", "Standard Content Descriptions"].</remarks>
internal sealed class LineFileTable(DwarfSections sections, UnitShape shape)
{
    private const ulong PathColumn = 1;
    private const ulong FolderColumn = 2;

    /// <summary>Reads both tables.</summary>
    /// <param name="reader">Stands on the first; afterwards behind the second.</param>
    /// <param name="folders">Gets the folders; holds the one in which the compiler ran, which the first row replaces.</param>
    /// <param name="files">Gets the files.</param>
    public void Read(ref ByteReader reader, List<string> folders, List<string> files)
    {
        List<(string Path, ulong Folder)> rows = ReadRows(ref reader);
        for (int i = 0; i < rows.Count; i++)
        {
            string path = sections.Joined(folders[0], rows[i].Path);
            if (i == 0)
            {
                folders[0] = path;
            }
            else
            {
                folders.Add(path);
            }
        }

        foreach ((string path, ulong folder) in ReadRows(ref reader))
        {
            files.Add(sections.Joined(SourcePath.At(folders, folder), path));
        }
    }

    private List<(string Path, ulong Folder)> ReadRows(ref ByteReader reader)
    {
        List<(string Path, ulong Folder)> rows = [];
        (ulong Content, DwarfForm Form)[] columns = new (ulong, DwarfForm)[reader.U8()];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = (reader.Uleb(), (DwarfForm)Math.Min(reader.Uleb(), ushort.MaxValue));
        }

        ulong count = reader.Uleb();
        for (ulong i = 0; i < count && reader.Fault is null; i++)
        {
            int start = reader.Position;
            (string path, ulong folder) = ("", 0);
            foreach ((ulong content, DwarfForm form) in columns)
            {
                DwarfValue value = FormReader.Read(ref reader, form, 0, shape);
                (path, folder) = content switch
                {
                    PathColumn => (TextOf(value), folder),
                    FolderColumn => (path, value.Number),
                    _ => (path, folder),
                };
            }

            rows.Add((path, folder));
            if (reader.Position == start)
            {
                reader.Fail("has a table of files whose rows are empty");
            }
        }

        return rows;
    }

    private string TextOf(DwarfValue value) =>
        ValueReader.TextOf(sections, value, sections.Line, new UnitBases(shape, StrOffsets: shape.OffsetBytes == 8 ? 16UL : 8UL, Addr: 0, RngLists: 0, LowPc: 0));
}
