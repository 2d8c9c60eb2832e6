using System.Text;

namespace MmuEmu.Debugger.Source;

/// <summary>Finds the file that holds the debug information of a program: the program itself, or one that was split off.</summary>
/// <remarks>
/// By its own name in <c>debug</c> beside it, when the file there is of this very program (<see cref="OwnDebugFile"/>). Then the program itself, when it
/// has lines; or else by the build-id below the folder of debug files, else by .gnu_debuglink beside the program, in <c>.debug</c> beside it, and below the folder
/// of debug files at the program's own path. Source: [gdb "Debugging Information in Separate Files"].
/// </remarks>
internal static class DebugFile
{
    /// <summary>Where Linux keeps debug files.</summary>
    public const string SystemFolder = "/usr/lib/debug";

    private const string Lines = ".debug_line";
    private const int NoteHeaderBytes = 12;
    private const uint BuildIdNote = 3;
    private const int MostIdBytes = 64;

    /// <summary>Opens the file with the debug information of <paramref name="program"/>.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folders">Folders of debug files, as <see cref="SystemFolder"/>, in the order of the search.</param>
    /// <param name="reason">Out: why there is none, when the result is null.</param>
    /// <param name="stale">Out: the file that should have been it and is of another program; empty for none.</param>
    /// <returns><paramref name="program"/> itself, or another file, to be disposed of.</returns>
    public static ElfFile? Open(ElfFile program, IReadOnlyList<string> folders, out string reason, out string stale)
    {
        reason = "";
        if (OwnDebugFile.Open(program, out stale) is { } its)
        {
            return its;
        }

        if (HasLines(program))
        {
            return program;
        }

        byte[] id = BuildIdOf(program);
        foreach (string folder in id.Length > 1 ? folders : [])
        {
            if (TryOpen(PathOf(folder, id), file => BuildIdOf(file).AsSpan().SequenceEqual(id)) is { } byId)
            {
                return byId;
            }
        }

        (string name, uint checksum) = LinkOf(program);
        string own = HostFile.Real(program.Path);
        string beside = Path.GetDirectoryName(own) ?? "/";
        IEnumerable<string> places = [Path.Combine(beside, name), Path.Combine(beside, ".debug", name), .. folders.Select(folder => folder + Path.Combine(beside, name))];
        foreach (string path in name.Length == 0 ? [] : places)
        {
            if (path != own && TryOpen(path, file => Crc32.Of(file) == checksum) is { } linked)
            {
                return linked;
            }
        }

        reason = name.Length == 0 && id.Length == 0 ? $"{program.Path} has no debug information (compile with -g)"
            : $"{program.Path} has no debug information, and no file with it is at {(id.Length > 1 && folders.Count > 0 ? PathOf(folders[0], id) : Path.Combine(beside, name))}";
        return null;
    }

    /// <summary>The build-id of a file (NT_GNU_BUILD_ID); empty when it has none.</summary>
    public static byte[] BuildIdOf(ElfFile file)
    {
        if (file.Find(".note.gnu.build-id") is not ElfSection section || section.Size > NoteHeaderBytes + 4 + MostIdBytes)
        {
            return [];
        }

        byte[] note = file.Bytes(section);
        ByteReader reader = new(note);
        (ulong nameBytes, ulong idBytes, ulong type) = (reader.Unsigned(4), reader.Unsigned(4), reader.Unsigned(4));
        reader.Skip((nameBytes + 3) & ~3UL);
        return reader.Fault is null && type == BuildIdNote && idBytes <= (ulong)reader.Left ? note.AsSpan(reader.Position, (int)idBytes).ToArray() : [];
    }

    private static bool HasLines(ElfFile file) => file.Find(Lines) is not null || file.Find(".zdebug_line") is not null;

    private static string PathOf(string folder, byte[] id)
    {
        string digits = Convert.ToHexStringLower(id);
        return $"{folder}/.build-id/{digits[..2]}/{digits[2..]}.debug";
    }

    /// <summary>The name and the CRC-32 of the file that was split off; the name has no folder, and is empty when there is none.</summary>
    private static (string Name, uint Checksum) LinkOf(ElfFile file)
    {
        if (file.Find(".gnu_debuglink") is not ElfSection section || section.Size > 4096)
        {
            return ("", 0);
        }

        byte[] bytes = file.Bytes(section);
        ByteReader reader = new(bytes);
        string name = Encoding.UTF8.GetString(reader.Text());
        reader.Skip((ulong)(-reader.Position & 3));
        uint checksum = (uint)reader.Unsigned(4);
        return reader.Fault is null && !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..") ? (name, checksum) : ("", 0);
    }

    private static ElfFile? TryOpen(string path, Func<ElfFile, bool> isIt)
    {
        if (!ElfFile.TryOpen(path, out ElfFile? file, out _))
        {
            return null;
        }

        if (HasLines(file) && isIt(file))
        {
            return file;
        }

        file.Dispose();
        return null;
    }
}
