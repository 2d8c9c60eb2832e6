using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.View;

/// <summary>Which address is walked for.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Typed">The address itself, with <see cref="SelectionKind.Typed"/>.</param>
internal readonly record struct Selection(SelectionKind Kind, VirtAddr Typed = default)
{
    /// <summary>The next one for Tab, or the one before.</summary>
    public Selection Next(bool backward)
    {
        const int Count = (int)SelectionKind.Typed;
        int at = Kind == SelectionKind.Typed ? (backward ? 0 : Count - 1) : (int)Kind;
        return new Selection((SelectionKind)((at + (backward ? Count - 1 : 1)) % Count));
    }
}

/// <summary>Where a selected address comes from.</summary>
internal enum SelectionKind
{
    /// <summary>The micro-step at work; where an instruction is about to run, what it will touch.</summary>
    Step,

    /// <summary>CR2: the last page fault.</summary>
    Cr2,

    /// <summary>The instruction itself.</summary>
    Rip,

    /// <summary>The stack.</summary>
    Rsp,

    /// <summary>What the instruction touches.</summary>
    Operand,

    /// <summary>Somebody named it; the last, as it is not chosen by Tab.</summary>
    Typed,
}
