using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Decode;

/// <summary>Instruction fetch through the MMU.</summary>
internal static class Fetching
{
    /// <summary>Where the code byte at <paramref name="rip"/> lies; false leaves the fault in <see cref="Vcpu.Exit"/>.</summary>
    public static bool TryTranslate(Vcpu vcpu, ulong rip, out PhysAddr address)
    {
        address = default;
        if (!new VirtAddr(rip).IsCanonical(vcpu.Mmu.Mode.AddressBits))
        {
            vcpu.Exit.Kind = CoreExitKind.Exception;
            vcpu.Exit.Vector = ExceptionVector.GP;
            vcpu.Exit.ErrorCode = 0;
            return false;
        }

        Access access = new(new VirtAddr(rip), AccessKind.Fetch, vcpu.Origin);
        if (vcpu.Mmu.TryTranslate(access, out Translated translation, out PageFault fault))
        {
            address = translation.Address;
            vcpu.Clock?.Fetch(vcpu.Mmu.LastOutcome, address);
            return true;
        }

        vcpu.Clock?.Fault(vcpu.Mmu.LastOutcome, AccessKind.Fetch);
        vcpu.Exit.Kind = CoreExitKind.PageFault;
        vcpu.Exit.Fault = fault;
        vcpu.Exit.Path = vcpu.Mmu.LastOutcome.Path;
        vcpu.Control.Cr2 = fault.Cr2.Raw;
        return false;
    }
}
