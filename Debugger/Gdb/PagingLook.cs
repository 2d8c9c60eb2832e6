using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>The registers of paging: the processor's own, and a page walk of one address as registers.</summary>
internal static class PagingLook
{
    private const int KindBits = 8;

    /// <summary>All of them, by their numbers, for the thread that is asked about.</summary>
    public static ulong[] Of(GdbSession session)
    {
        int? space = session.Space;
        VirtAddr? walked = session.Walked;
        ulong[] values = session.Journey.Look(kernel => At(kernel, space, walked));
        values[(int)PagingRegister.FaultCode] = FaultCodeOf(session);
        values[(int)PagingRegister.InstructionCount] = session.Journey.Here.Time;
        return values;
    }

    private static ulong[] At(MiniKernel kernel, int? space, VirtAddr? walked)
    {
        ControlRegisters control = kernel.Core.Vcpu.Control;
        ulong[] values = new ulong[(int)PagingRegister.Address + 1];
        values[(int)PagingRegister.Cr0] = control.Cr0;
        values[(int)PagingRegister.Cr2] = control.Cr2;
        values[(int)PagingRegister.Cr3] = control.Cr3;
        values[(int)PagingRegister.Cr4] = control.Cr4;
        values[(int)PagingRegister.Cr8] = control.Cr8;
        values[(int)PagingRegister.Efer] = control.Efer;
        values[(int)PagingRegister.KernelGsBase] = control.KernelGsBase;
        VirtAddr address = walked ?? new VirtAddr(control.Cr2);
        values[(int)PagingRegister.Address] = address.Raw;
        KernelView view = new(kernel);
        if (space is { } number && view.EntryAt(number, address) is { } entry)
        {
            Walk(values, entry);
            RootOf(values, view, number);
        }

        return values;
    }

    /// <summary>Another process's tables than those that are loaded: their root.</summary>
    private static void RootOf(ulong[] values, KernelView view, int space)
    {
        ref ulong cr3 = ref values[(int)PagingRegister.Cr3];
        if (view.SpaceOf(space) is { } found && cr3 >> 12 << 12 != found.Root.Base.Raw)
        {
            cr3 = found.Root.Base.Raw | found.Pcid;
        }
    }

    private static void Walk(ulong[] values, EntryView entry)
    {
        WalkPath path = entry.Path;
        for (int i = 0; i < path.Count; i++)
        {
            PagingRegister? register = path[i].Level switch
            {
                PagingLevel.Pml4 => PagingRegister.Pml4e,
                PagingLevel.Pdpt => PagingRegister.Pdpte,
                PagingLevel.Pd => PagingRegister.Pde,
                PagingLevel.Pt => PagingRegister.Pte,
                _ => null,
            };
            if (register is { } known)
            {
                values[(int)known] = path[i].Entry.Raw;
            }
        }

        ulong offset = entry.Swap?.Offset ?? 0;
        values[(int)PagingRegister.SoftPte] = entry.Kind == SoftPteKind.Present ? (ulong)entry.Kind : (ulong)entry.Kind | (offset << KindBits);
        if (entry.Frame is { } frame)
        {
            values[(int)PagingRegister.Frame] = frame.Raw;
            values[(int)PagingRegister.Physical] = frame.Base.Raw + (ulong)entry.Address.PageOffset;
        }
    }

    /// <summary>The error code of the last page fault up to here at this T.</summary>
    private static ulong FaultCodeOf(GdbSession session)
    {
        ulong code = 0;
        Happenings what = session.Journey.Now;
        for (int i = 0; i < what.Events.Count && what.After(i) <= session.Journey.Here.Step; i++)
        {
            code = what.Events[i].Detail switch
            {
                WalkDetail walk when what.Events[i].Kind == TraceEventKind.PageFault => (ulong)walk.Fault.Code,
                FaultDetail fault => (ulong)fault.Fault.Code,
                _ => code,
            };
        }

        return code;
    }
}
