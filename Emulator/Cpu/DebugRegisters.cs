namespace MmuEmu.Emulator.Cpu;

/// <summary>DR0 to DR7: up to four addresses whose execution, writing or use raises #DB.</summary>
/// <remarks>
/// <code>
///  DR7   L0 G0 L1 G1 L2 G2 L3 G3   bits 0..7: breakpoint i is on when L or G is set
///        GD                        bit 13: a MOV to or from a debug register is #DB
///        R/W0 LEN0 …               bits 16..31, two each: 0 execute, 1 write, 2 port, 3 read or write; 1, 2, 8, 4 bytes
///  DR6   B0..B3, BD 13, BS 14      why #DB was raised
/// </code>
/// Source: [SDM3 Debug, Branch Profile, TSC, and Intel Resource Director Technology Features, "Debug Registers"].
/// </remarks>
public sealed class DebugRegisters
{
    /// <summary>DR6.BD: a debug register was about to be used while DR7.GD was set.</summary>
    public const ulong AccessDetected = 1 << 13;

    /// <summary>DR6.BS: single-step.</summary>
    public const ulong SingleStep = 1 << 14;

    /// <summary>DR7.GD.</summary>
    public const ulong GeneralDetect = 1 << 13;

    private const ulong Breakpoints = 0xF;
    private const ulong StatusOnes = 0xFFFF_0FF0;
    private const ulong StatusWritable = 0xE00F;
    private const ulong ControlOnes = 0x400;
    private const ulong ControlWritable = 0xFFFF_23FF;

    private readonly ulong[] _addresses = new ulong[4];
    private ulong _status = StatusOnes;
    private ulong _control = ControlOnes;

    /// <summary>DR0 to DR3.</summary>
    public Span<ulong> Addresses => _addresses;

    /// <summary>DR6; reserved bits keep their fixed values.</summary>
    public ulong Status
    {
        get => _status;
        set => _status = (value & StatusWritable) | StatusOnes;
    }

    /// <summary>DR7; reserved bits keep their fixed values.</summary>
    /// <remarks>Whoever sets it tells <see cref="AccessChecks.Update"/>.</remarks>
    public ulong Control
    {
        get => _control;
        set
        {
            Inhibited = false;
            _control = (value & ControlWritable) | ControlOnes;
            (WatchesData, WatchesPorts, WatchesCode) = (Watches(1) || Watches(3), Watches(2), Watches(0));
        }
    }

    /// <summary>Some breakpoint waits for data.</summary>
    public bool WatchesData { get; private set; }

    /// <summary>Some breakpoint waits for a port; CR4.DE says whether that counts.</summary>
    public bool WatchesPorts { get; private set; }

    /// <summary>Some breakpoint waits for an instruction.</summary>
    public bool WatchesCode { get; private set; }

    /// <summary>DR6 bits of a trap that comes before the next instruction.</summary>
    public ulong Pending { get; set; }

    /// <summary>B0 to B3 of the data that the current instruction has touched.</summary>
    public ulong Hits { get; set; }

    /// <summary>True when the current instruction holds traps back until the next one has retired: a load of SS.</summary>
    public bool Inhibited { get; set; }

    /// <summary>True when the current instruction has cleared TF on the way to the kernel, and no single-step trap follows it: SYSCALL.</summary>
    public bool StepsOver { get; set; }

    /// <summary>True while instructions have to be run one at a time.</summary>
    public bool Armed => WatchesData || WatchesCode || WatchesPorts || Pending != 0;

    /// <summary>Notes in DR6 that #DB is raised because of <paramref name="cause"/>.</summary>
    /// <remarks>
    /// B0 to B3 tell of the last #DB alone, BD and BS stay until software clears them.
    /// Source: [SDM3 Debug, Branch Profile, TSC, and Intel Resource Director Technology Features, "Debug Status Register (DR6)"].
    /// </remarks>
    public void Report(ulong cause) => Status = (Status & ~Breakpoints) | cause;

    /// <summary>B0 to B3 of the instruction breakpoints at <paramref name="rip"/>.</summary>
    public ulong CodeHitsAt(ulong rip)
    {
        ulong hits = 0;
        for (int i = 0; i < 4; i++)
        {
            hits |= IsOn(i) && KindOf(i) == 0 && _addresses[i] == rip ? 1UL << i : 0;
        }

        return hits;
    }

    /// <summary>Notes that the current instruction uses <paramref name="bytes"/> bytes at <paramref name="va"/>.</summary>
    public void NoteRead(ulong va, int bytes) => Hits |= Overlapping(va, bytes, first: 3, second: 3);

    /// <summary>Notes that the current instruction writes <paramref name="bytes"/> bytes at <paramref name="va"/>.</summary>
    public void NoteWrite(ulong va, int bytes) => Hits |= Overlapping(va, bytes, first: 1, second: 3);

    /// <summary>Notes a use of <paramref name="bytes"/> bytes from port <paramref name="port"/> on; CR4.DE is set.</summary>
    public void NotePort(ushort port, int bytes) => Hits |= Overlapping(port, bytes, first: 2, second: 2);

    /// <summary>Its state as a value.</summary>
    internal DebugImage Save() => new()
    {
        Addresses = (_addresses[0], _addresses[1], _addresses[2], _addresses[3]),
        Status = _status,
        Control = _control,
        Pending = Pending,
        Hits = Hits,
        Inhibited = Inhibited,
        StepsOver = StepsOver,
    };

    /// <summary>Takes that state again.</summary>
    internal void Restore(in DebugImage image)
    {
        (_addresses[0], _addresses[1], _addresses[2], _addresses[3]) = image.Addresses;
        (Control, _status) = (image.Control, image.Status);
        (Pending, Hits, Inhibited, StepsOver) = (image.Pending, image.Hits, image.Inhibited, image.StepsOver);
    }

    private bool Watches(int kind)
    {
        bool found = false;
        for (int i = 0; i < 4; i++)
        {
            found |= IsOn(i) && KindOf(i) == kind;
        }

        return found;
    }

    private ulong Overlapping(ulong start, int bytes, int first, int second)
    {
        ulong hits = 0;
        for (int i = 0; i < 4; i++)
        {
            int kind = KindOf(i);
            if (!IsOn(i) || (kind != first && kind != second))
            {
                continue;
            }

            ulong length = LengthOf(i);
            ulong watched = _addresses[i] & ~(length - 1);
            hits |= start - watched < length || watched - start < (ulong)bytes ? 1UL << i : 0;
        }

        return hits;
    }

    private bool IsOn(int i) => (_control >> (2 * i) & 3) != 0;

    private int KindOf(int i) => (int)(_control >> (16 + (4 * i))) & 3;

    private ulong LengthOf(int i) => ((int)(_control >> (18 + (4 * i))) & 3) switch
    {
        0 => 1,
        1 => 2,
        2 => 8,
        _ => 4,
    };
}
