using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Faults;

/// <summary>Handles page faults: the kernel's half of what the hardware began.</summary>
/// <remarks>Each kind is a file in this folder. Source: [Linux mm/memory.c, handle_pte_fault; arch/x86/mm/fault.c, do_user_addr_fault].</remarks>
internal static class FaultHandler
{
    /// <summary>Handles one fault of <paramref name="space"/>; what a signal would be for user code is EFAULT for the kernel's own access.</summary>
    public static FaultOutcome Handle(MemorySystem mem, AddressSpace space, in PageFault fault)
    {
        FaultOutcome outcome = Judge(mem, space, fault);
        return outcome.End == FaultEnd.OutOfMemory && mem.Shortage is { } rule ? OfShortage(outcome, rule) : outcome;
    }

    /// <summary>The allocator does not fail: the thread waits in it, and tries again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FaultOutcome OfShortage(in FaultOutcome outcome, IShortageRule rule) => rule.TriesAgain(out ulong againNs)
        ? FaultOutcome.Until(outcome.Kind, new WaitFor(new FrameWait(), againNs, Interruption.Never))
        : outcome;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FaultOutcome Judge(MemorySystem mem, AddressSpace space, in PageFault fault)
    {
        mem.Counters.Add(MmCounter.PgFault);
        if ((fault.Code & (PageFaultCode.Rsvd | PageFaultCode.PK)) != 0)
        {
            return Refuse(mem, space, fault, FaultKind.NoRight);
        }

        Vma? found = FindOrGrow(mem, space, fault.Cr2);
        if (mem.Report.For(KernelEvent.MappingSought) is { } events)
        {
            FaultSteps.Tell(events, space, fault, found);
        }

        if (found is not { } vma)
        {
            return Refuse(mem, space, fault, FaultKind.NoMapping);
        }

        if (!Permits(vma.Flags, fault.Code))
        {
            return Refuse(mem, space, fault, FaultKind.NoRight);
        }

        if (mem.FaultGate is not null && IsHeld(mem, vma, fault, out _))
        {
            return Hold(mem, vma, fault);
        }

        return mem.Editor.FindPte(space.Tables, fault.Cr2, out PteSlot pte) == Descent.Found
            ? Settle(new FaultSite(mem, vma, fault, pte.Slot, pte.Entry))
            : FindPlace(mem, vma, fault);
    }

    /// <summary>No table is there yet, or a larger leaf; apart from the handling of the many faults that find their entry.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FaultOutcome FindPlace(MemorySystem mem, Vma vma, in PageFault fault)
    {
        // A hole that raises a signal needs no table, so want of memory cannot hide it (U-034).
        FaultSite hole = new(mem, vma, fault, default, Pte.None);
        TableEntry met = mem.Editor.Find(vma.Space.Tables, fault.Cr2);
        if (vma.Has(VmFlags.HugeTlb))
        {
            FaultOutcome outcome = HugeTlbFault.Handle(hole);
            Tell(mem, vma.Space, fault, outcome.Kind, met.Entry);
            return outcome;
        }

        if (met.Entry.Raw == 0 && KindOf(hole) == FaultKind.UserFault)
        {
            Tell(mem, vma.Space, fault, FaultKind.UserFault, hole.Entry);
            return UserFaultFault.Raise(hole);
        }

        if (met.Entry.Raw == 0 && HugeFault.TryFill(hole))
        {
            return Served(hole, FaultKind.Anonymous);
        }

        if (met.Entry.Raw != 0 && SoftPteFormat.HasFrame(met.Entry) && HugeFault.TrySettle(hole, met))
        {
            return Served(hole with { Entry = met.Entry }, hole.IsWrite && !met.Entry.Has(PteBits.RW) ? FaultKind.CopyOnWrite : FaultKind.Spurious);
        }

        return SpaceTables.MakePte(mem, vma.Space, fault.Cr2, out PteSlot pte) switch
        {
            Descent.Found => Settle(new FaultSite(mem, vma, fault, pte.Slot, pte.Entry)),
            Descent.NoTable => FaultOutcome.OutOfMemory(FaultKind.Anonymous),
            Descent.Larger or Descent.Smaller => Refuse(mem, vma.Space, fault, FaultKind.NoRight),
        };
    }

    /// <summary>A huge page served the fault.</summary>
    private static FaultOutcome Served(in FaultSite site, FaultKind kind)
    {
        Tell(site.Mem, site.Space, site.Fault, kind, site.Entry);
        Account(site.Mem, false);
        return FaultOutcome.Resume(kind);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FaultOutcome Settle(in FaultSite site)
    {
        FaultKind kind = KindOf(site);
        Tell(site.Mem, site.Space, site.Fault, kind, site.Entry);
        ulong read = site.Mem.PagesRead;
        FaultOutcome outcome = Dispatch(site, kind);
        if (outcome.End == FaultEnd.Resume)
        {
            Account(site.Mem, site.Mem.PagesRead != read);
        }

        return outcome;
    }

    private static void Account(MemorySystem mem, bool major)
    {
        mem.Account.Add(major);
        if (major)
        {
            mem.Counters.Add(MmCounter.PgMajFault);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FaultOutcome Dispatch(in FaultSite site, FaultKind kind) => kind switch
    {
        FaultKind.NoMapping => FaultOutcome.Segv(kind, SigCode.SegvMapErr, site.Fault.Cr2),
        FaultKind.NoRight => FaultOutcome.Segv(kind, SigCode.SegvAccErr, site.Fault.Cr2),
        FaultKind.Spurious => SpuriousFault.Settle(site),
        FaultKind.Anonymous => AnonymousFault.Fill(site),
        FaultKind.File => FileFault.Fill(site),
        FaultKind.CopyOnWrite => CopyOnWriteFault.Break(site),
        FaultKind.Swap => SwapFault.BringIn(site),
        FaultKind.Purged => PurgedFault.Judge(site),
        FaultKind.UserFault => UserFaultFault.Raise(site),
        FaultKind.HwPoison => FaultOutcome.Bus(kind, site.Fault.Cr2),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FaultKind KindOf(in FaultSite site) => site.Mem.SoftPtes.KindOf(site.Entry) switch
    {
        SoftPteKind.None when site.Vma.Backing is { } file => file.Mapping.Volatile is null || !VmaVolatility.IsLost(site.Vma, site.Page) ? FaultKind.File : FaultKind.Purged,
        SoftPteKind.None when site.Vma.Has(VmFlags.UserFault) => FaultKind.UserFault,
        SoftPteKind.None => FaultKind.Anonymous,
        SoftPteKind.Present when site.IsWrite && !site.Entry.Has(PteBits.RW) => FaultKind.CopyOnWrite,
        SoftPteKind.Present or SoftPteKind.ProtNone => FaultKind.Spurious,
        SoftPteKind.Swap => FaultKind.Swap,
        SoftPteKind.Purged => FaultKind.Purged,
        SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite => FaultKind.Spurious,
        SoftPteKind.HwPoison or SoftPteKind.NonlinearFile or SoftPteKind.Unknown => FaultKind.HwPoison,
    };

    /// <summary>True when the mapping's rights allow what the error code tells of the access.</summary>
    /// <remarks>A read that met a present entry was refused for another reason than absence: no retry can help it.</remarks>
    internal static bool Permits(VmFlags flags, PageFaultCode code) => code switch
    {
        _ when (code & PageFaultCode.WR) != 0 => flags.Has(VmFlags.Write),
        _ when (code & PageFaultCode.ID) != 0 => flags.Has(VmFlags.Exec),
        _ when (code & PageFaultCode.P) != 0 => false,
        _ => flags.HasAny(VmFlagsOps.Access),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vma? FindOrGrow(MemorySystem mem, AddressSpace space, VirtAddr address)
    {
        if (address.Raw >= VirtRange.TaskSize || space.Vmas.FindAtOrAbove(address) is not { } vma)
        {
            return null;
        }

        return vma.Range.Contains(address) || StackGrowth.TryReach(mem, vma, address) ? vma : null;
    }

    private static FaultOutcome Refuse(MemorySystem mem, AddressSpace space, in PageFault fault, FaultKind kind)
    {
        Tell(mem, space, fault, kind, mem.Editor.Find(space.Tables, fault.Cr2).Entry);
        int code = (fault.Code & PageFaultCode.PK) != 0 ? SigCode.SegvPkuErr
            : kind == FaultKind.NoMapping ? SigCode.SegvMapErr
            : SigCode.SegvAccErr;
        return FaultOutcome.Segv(kind, code, fault.Cr2);
    }

    /// <summary>Apart from the handling, as there mostly is no gate.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsHeld(MemorySystem mem, Vma vma, in PageFault fault, out ulong untilNs) =>
        mem.FaultGate!.Holds(vma.Space, fault, out untilNs);

    /// <summary>The thread waits until the gate lets the page go; nothing is done about the page.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FaultOutcome Hold(MemorySystem mem, Vma vma, in PageFault fault)
    {
        _ = IsHeld(mem, vma, fault, out ulong untilNs);
        FaultSite site = new(mem, vma, fault, default, mem.Editor.Find(vma.Space.Tables, fault.Cr2).Entry);
        FaultKind kind = KindOf(site);
        Tell(mem, vma.Space, fault, kind, site.Entry);
        return FaultOutcome.Until(kind, new WaitFor(new PageWait(fault), untilNs, Interruption.Restarts));
    }

    private static void Tell(MemorySystem mem, AddressSpace space, in PageFault fault, FaultKind kind, Pte met)
    {
        if (mem.Cost is { } cost)
        {
            Price(cost, kind);
        }

        if (mem.Report.For(KernelEvent.FaultClassified) is { } events)
        {
            Tell(events, space, fault, kind, met);
        }
    }

    /// <summary>Apart from the handling, which mostly is free.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Price(IKernelCost cost, FaultKind kind) =>
        cost.Charge(kind == FaultKind.Swap ? KernelPath.MajorFault : KernelPath.MinorFault, 1);

    /// <summary>Apart from the handling, which need not clear room for an event that nobody takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tell(ITraceSink events, AddressSpace space, in PageFault fault, FaultKind kind, Pte met) =>
        events.Take(new TraceEvent(KernelEvent.FaultClassified) { Space = space.Tag.Id, Address = fault.Cr2, Number = (ulong)kind, Old = met, Argument = (ulong)fault.Code });
}
