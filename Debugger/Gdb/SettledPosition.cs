using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Where registers are to be looked at for a position inside an instruction.</summary>
internal static class SettledPosition
{
    /// <summary>
    /// The position itself when the kernel has the processor there. While the processor works at an instruction it has changed no register yet,
    /// and RIP is told exactly only where the instruction began: there they are looked at.
    /// </summary>
    /// <param name="at">The position.</param>
    /// <param name="what">What happens at its T.</param>
    public static Position Of(Position at, Happenings what)
    {
        if (at.Step <= what.Start)
        {
            return at;
        }

        for (uint step = at.Step; step > what.Start; step--)
        {
            if (what.EventAt(step) is { } number && what.Events[number].Kind >= TraceEventKind.FirstOfSoftware)
            {
                return at;
            }
        }

        return at with { Step = what.Start };
    }
}
