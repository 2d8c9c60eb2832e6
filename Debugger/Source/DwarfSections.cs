using System.Text;

namespace MmuEmu.Debugger.Source;

/// <summary>The debug sections of one file, each read and expanded when it is first asked for.</summary>
internal sealed class DwarfSections(ElfFile file)
{
    private const int MostFaults = 16;

    private readonly Dictionary<string, byte[]> _read = [];
    private readonly List<string> _faults = [];

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
        return end < 0 || !Budget.TrySpend(end) ? "" : Encoding.UTF8.GetString(rest[..end]);
    }

    private byte[] Get(string name)
    {
        if (!_read.TryGetValue(name, out byte[]? bytes))
        {
            bytes = Read(name);
            _read.Add(name, bytes);
            Budget.Grow(bytes.Length);
        }

        return bytes;
    }

    private byte[] Read(string name)
    {
        string reason = "";
        byte[] plain = [];
        if (file.Find(".debug_" + name) is ElfSection section)
        {
            plain = file.Bytes(section);
            if (section.IsCompressed && !CompressedSection.TryExpand(plain, out plain, out reason))
            {
                Report(name, 0, $"cannot be expanded: {reason}");
            }
        }
        else if (file.Find(".zdebug_" + name) is ElfSection old && !CompressedSection.TryExpandOld(file.Bytes(old), out plain, out reason))
        {
            Report(name, 0, $"cannot be expanded: {reason}");
        }

        return plain;
    }
}
