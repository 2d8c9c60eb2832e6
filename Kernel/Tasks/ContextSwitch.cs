using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Puts threads on the processor and takes them off.</summary>
/// <remarks>Entries of different spaces carry different PCIDs, so a switch flushes nothing. Source: [Linux arch/x86/mm/tlb.c, switch_mm_irqs_off].</remarks>
public static class ContextSwitch
{
    /// <summary>The control bits under which user code runs.</summary>
    private const PagingBits Bits = PagingBits.Wp | PagingBits.Nxe | PagingBits.Pge | PagingBits.Pcide | PagingBits.Smep | PagingBits.Page1G;

    private const byte PhysicalBits = 48;

    /// <summary>Lets <paramref name="next"/> run; what ran before keeps its registers.</summary>
    public static void To(TaskSystem system, UserThread next)
    {
        if (system.Current == next)
        {
            return;
        }

        Leave(system);
        system.Core.Vcpu.Load(next.Registers);
        Enter(system, next.Process.Space);
        system.Current = next;
        system.Trace.Pid = next.Process.Pid;
        if (system.LastRun is { } last && last != next)
        {
            system.Switches++;
            system.Memory.Cost.Charge(KernelPath.ContextSwitch, 1);
        }

        system.LastRun = next;
    }

    /// <summary>Takes the thread that runs off the processor; its space stays loaded until another comes.</summary>
    public static void Leave(TaskSystem system)
    {
        if (system.Current is { } current)
        {
            system.Core.Vcpu.Save(current.Registers);
            system.Current = null;
        }
    }

    /// <summary>Loads an address space into CR3.</summary>
    public static void Enter(TaskSystem system, AddressSpace space)
    {
        ushort pcid = space.Tag.Pcid;
        system.Core.Vcpu.Control.Cr3 = space.Root.Base.Raw | pcid;
        system.Core.Mmu.Mode = new PagingMode(space.Root, pcid, Bits, PhysicalBits, system.Core.Vcpu.Control.Pkru);
        system.Guest.Space = space;
    }
}
