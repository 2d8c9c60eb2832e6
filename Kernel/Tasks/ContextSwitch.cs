using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Puts threads on the processor and takes them off.</summary>
/// <remarks>
/// Entries of different spaces carry different PCIDs, so a switch flushes nothing; on a processor without PCIDs it flushes all.
/// Source: [Linux arch/x86/mm/tlb.c, switch_mm_irqs_off].
/// </remarks>
internal static class ContextSwitch
{
    /// <summary>Lets <paramref name="next"/> run on its processor; what ran there before keeps its registers.</summary>
    public static void To(TaskSystem system, UserThread next)
    {
        Processor here = system.Processors[next.Cpu];
        if (system.Processors.Here != here)
        {
            system.Processors.Here = here;
        }

        (system.Trace.Pid, system.Trace.Tid) = (next.Process.Pid, next.Tid);
        (system.Memory.Account, system.Memory.SpaceAtWork) = (next.Faults, next.Process.Space);
        if (here.Current == next)
        {
            return;
        }

        TakeOff(system, next);
        Leave(here);
        here.Core.Vcpu.Load(next.Registers);
        Enter(system, next.Process.Space);
        here.Current = next;
        if (here.LastRun is { } last && last != next)
        {
            system.Switches++;
            system.Memory.Cost?.Charge(KernelPath.ContextSwitch, 1);
        }

        here.LastRun = next;
    }

    /// <summary>Takes the thread whose registers a processor holds off it; the space stays loaded until another comes.</summary>
    public static void Leave(Processor processor)
    {
        if (processor.Current is { } current)
        {
            processor.Core.Vcpu.Save(current.Registers);
            processor.Current = null;
        }
    }

    /// <summary>Takes a thread off whichever processor holds its registers.</summary>
    public static void TakeOff(TaskSystem system, UserThread thread)
    {
        foreach (Processor processor in system.Processors.All)
        {
            if (processor.Current == thread)
            {
                Leave(processor);
            }
        }
    }

    /// <summary>Does something with <paramref name="space"/> loaded on the processor at work, and loads what was there before.</summary>
    public static void Within(TaskSystem system, AddressSpace space, Action act)
    {
        AddressSpace? before = system.Guest.Space;
        if (before != space)
        {
            Enter(system, space);
        }

        act();
        if (before is not null && before != space)
        {
            Enter(system, before);
        }
    }

    /// <summary>Loads an address space into CR3 of the processor at work.</summary>
    public static void Enter(TaskSystem system, AddressSpace space)
    {
        Vcpu vcpu = system.Core.Vcpu;
        ushort pcid = CoreShootdown.PcidOf(vcpu, space.Tag);
        vcpu.Control.Cr3 = space.Root.Base.Raw | pcid;
        PagingBits extra = vcpu.Model.Has(CpuFeatures.Page1G) ? PagingBits.Page1G : PagingBits.None;
        system.Core.Mmu.Mode = ControlRegisterRules.ModeOf(Privilege.StateOf(vcpu), extra, vcpu.Control.Pkru, vcpu.Model.PhysicalBits);
        if ((vcpu.Control.Cr4 & Cr4Bits.Pcide) == 0)
        {
            system.Core.Mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(pcid));
        }

        system.Tlbs.Loaded(system.Processors.Here, pcid);
        (system.Guest.Space, system.Memory.SpaceAtWork) = (space, space);
    }
}
