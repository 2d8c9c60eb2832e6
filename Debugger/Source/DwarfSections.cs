using System.Text;

namespace MmuEmu.Debugger.Source;

/// <summary>The debug sections of one file, each read and expanded when it is first asked for.</summary>
internal sealed class DwarfSections(ElfFile file)
{
    private const int MostFaults = 16;

    /// <summary>Bytes of all sections together, expanded: what is beyond them is not read.</summary>
    private const long MostBytes = 2L << 30;

    private readonly Dictionary<string, byte[]> _read = [];
    private readonly List<string> _faults = [];
    private long _held;

    /// <summary>What reading them may cost.</summary>
    public WorkBudget Budget { get; } = new();

    /// <summary>What could not be read, the first 16 findings in the order of finding.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>.debug_info: units of entries.</summary>
    public byte[] Info => Get("info");

    /// <summary>.debug_abbrev: the shapes of entries.</summary>
    public byte[] Abbrev => Get("abbrev");

    /// <summary>.debug_line: line programs.</summary>
    public byte[] Line => Get("line");

    /// <summary>.debug_str: names that entries share.</summary>
    public byte[] Str => Get("str");

    /// <summary>.debug_line_str: names of files and folders.</summary>
    public byte[] LineStr => Get("line_str");

    /// <summary>.debug_str_offsets: names by number.</summary>
    public byte[] StrOffsets => Get("str_offsets");

    /// <summary>.debug_addr: addresses by number.</summary>
    public byte[] Addr => Get("addr");

    /// <summary>.debug_ranges: lists of address ranges up to version 4.</summary>
    public byte[] Ranges => Get("ranges");

    /// <summary>.debug_rnglists: lists of address ranges from version 5 on.</summary>
    public byte[] RngLists => Get("rnglists");

    /// <summary>dwz moved what several files have in common to another file, which is not read.</summary>
    public bool HasSupplement => file.Find(".gnu_debugaltlink") is not null;

    /// <summary>True when <paramref name="address"/> is one of an instruction; what the linker threw away is not.</summary>
    public bool IsCode(ulong address) => file.IsCode(address);

    /// <summary>Notes what could not be read.</summary>
    /// <param name="section">The section's name without .debug_.</param>
    /// <param name="at">Where the piece begins that is damaged.</param>
    /// <param name="why">What is wrong with it.</param>
    public void Report(string section, ulong at, string why)
    {
        if (_faults.Count < MostFaults)
        {
            _faults.Add($".debug_{section} of {file.Path}: what begins at byte 0x{at:x} {why}");
        }
    }

    /// <summary>The text at <paramref name="at"/> of a section of names; empty when there is none, cut where the budget ends.</summary>
    public string TextAt(ReadOnlySpan<byte> section, ulong at)
    {
        if (at >= (ulong)section.Length)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = section[(int)at..];
        int end = rest.IndexOf((byte)0);
        return !Budget.TrySpend(end < 0 ? rest.Length : end) || end < 0 ? "" : Encoding.UTF8.GetString(rest[..end]);
    }

    /// <summary><paramref name="path"/> below <paramref name="folder"/> as <see cref="SourcePath.Join"/> has it; the path alone where the budget ends: many files may share a long folder.</summary>
    public string Joined(string folder, string path) => Budget.TrySpend(folder.Length + path.Length) ? SourcePath.Join(folder, path) : path;

    private byte[] Get(string name)
    {
        if (!_read.TryGetValue(name, out byte[]? bytes))
        {
            bytes = ReadSafely(name);
            _read.Add(name, bytes);
            _held += bytes.Length;
            Budget.Grow(bytes.Length);
        }

        return bytes;
    }

    /// <summary>What a damaged file claims may be more than the host has.</summary>
    private byte[] ReadSafely(string name)
    {
        try
        {
            return Read(name);
        }
        catch (OutOfMemoryException)
        {
            Report(name, 0, "is larger than the memory of this host");
            return [];
        }
    }

    private byte[] Read(string name)
    {
        bool isOld = false;
        if (file.Find(".debug_" + name) is not ElfSection section)
        {
            isOld = true;
            if (file.Find(".zdebug_" + name) is not ElfSection old)
            {
                return [];
            }

            section = old;
        }

        ulong room = (ulong)(MostBytes - _held);
        byte[] stored = section.Size <= room ? file.Bytes(section) : [];
        if (section.Size > (ulong)stored.Length)
        {
            Report(name, 0, section.Size > room ? $"has {section.Size} bytes, which is too much to be read" : $"ends too early, at byte {stored.Length}");
        }

        if (!isOld && !section.IsCompressed)
        {
            return stored;
        }

        string reason;
        byte[] plain;
        bool isWhole = isOld ? CompressedSection.TryExpandOld(stored, room, out plain, out reason) : CompressedSection.TryExpand(stored, room, out plain, out reason);
        if (!isWhole)
        {
            Report(name, 0, $"cannot be expanded: {reason}");
        }

        return plain;
    }
}
