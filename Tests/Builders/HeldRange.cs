using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Tests.Builders;

/// <summary>A gate that holds the pages of one range: until a moment, until another page is there, or for ever.</summary>
internal sealed class HeldRange(MiniKernel kernel, ulong start, ulong lengthBytes) : IFaultGate
{
    /// <summary>From when on nothing is held any more.</summary>
    public ulong UntilNs { get; init; } = ulong.MaxValue;

    /// <summary>The page whose presence ends it; 0 for none.</summary>
    public ulong UntilPresent { get; init; }

    public bool Holds(AddressSpace space, in PageFault fault, out ulong untilNs)
    {
        untilNs = UntilNs;
        bool there = UntilPresent != 0 && kernel.Memory.Editor.Find(space.Tables, new VirtAddr(UntilPresent)).Entry.Present;
        return fault.Cr2.Raw - start < lengthBytes && kernel.System.Clock.NowNs < UntilNs && !there;
    }
}
