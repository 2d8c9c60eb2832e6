namespace MmuEmu.Emulator.Cpu;

/// <summary>Segment registers in the hardware's order, which is Iced's as well.</summary>
public enum SegmentNumber
{
    /// <summary>ES.</summary>
    Es,

    /// <summary>CS.</summary>
    Cs,

    /// <summary>SS.</summary>
    Ss,

    /// <summary>DS.</summary>
    Ds,

    /// <summary>FS.</summary>
    Fs,

    /// <summary>GS.</summary>
    Gs,
}
