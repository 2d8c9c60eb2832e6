using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>Why a copy stopped.</summary>
internal enum CopyStop
{
    /// <summary>All is copied.</summary>
    None,

    /// <summary>A fault at the user's address.</summary>
    UserFault,

    /// <summary>No page behind the window.</summary>
    WindowFault,
}

/// <summary>Moves bytes as the copy's instructions do: both addresses through the processor's MMU, and not a byte beyond the first fault.</summary>
internal static class UserBytes
{
    /// <summary>Translates an address of user memory as the kernel's own access; false with the fault.</summary>
    public static bool TryReach(CopyRun run, VirtAddr user, AccessKind kind, out PhysAddr at, out PageFault fault)
    {
        at = default;
        if (user.Raw >= VirtRange.TaskSize)
        {
            fault = new PageFault(user, kind == AccessKind.Write ? PageFaultCode.WR : PageFaultCode.None);
            return false;
        }

        PagingMode before = run.Mmu.Mode;
        bool lift = before.Has(PagingBits.Smap) && !before.Has(PagingBits.Ac);
        if (lift)
        {
            run.Mmu.Mode = before with { Bits = before.Bits | PagingBits.Ac };
        }

        bool reached = run.Mmu.TryTranslate(new Access(user, kind, AccessOrigin.Supervisor), out Translated translated, out fault);
        at = reached ? translated.Address : default;
        if (lift)
        {
            run.Mmu.Mode = before;
        }

        return reached;
    }

    /// <summary>Translates an address of a window, or of a frame that needs none.</summary>
    public static bool TryWindow(CopyRun run, int inPage, AccessKind kind, out PhysAddr at)
    {
        CopyState state = run.State;
        if (state.Register.Raw == 0)
        {
            at = state.Page!.Pfn.Base + (ulong)inPage;
            return true;
        }

        bool reached = run.Mmu.TryTranslate(new Access(state.Register + (ulong)inPage, kind, AccessOrigin.Supervisor), out Translated translated, out _);
        at = reached ? translated.Address : default;
        return reached;
    }

    /// <summary>Copies from where the state is up to byte <paramref name="end"/> of the piece.</summary>
    /// <param name="run">The copy; its state says afterwards how far it came.</param>
    /// <param name="end">Where to stop.</param>
    /// <param name="fault">Out: the fault at the user's address, when that is why it stopped.</param>
    public static CopyStop Move(CopyRun run, int end, out PageFault fault)
    {
        fault = default;
        bool writes = run.State.Direction == CopyDirection.Write;
        while (run.State.Copied < end)
        {
            CopyState state = run.State;
            VirtAddr user = state.User + (ulong)state.Copied;
            if (!TryReach(run, user, run.UserAccess, out PhysAddr at, out fault))
            {
                return CopyStop.UserFault;
            }

            if (!TryWindow(run, state.InPage + state.Copied, writes ? AccessKind.Write : AccessKind.Read, out PhysAddr window))
            {
                return CopyStop.WindowFault;
            }

            int count = Math.Min(end - state.Copied, 4096 - user.PageOffset);
            (PhysAddr from, PhysAddr to) = writes ? (at, window) : (window, at);
            Put(run, from, to, count);
            run.State = state with { Copied = state.Copied + count };
        }

        return CopyStop.None;
    }

    /// <summary>Zeros from where the state is to the end of the piece, into the window; the state stays.</summary>
    public static CopyStop ZeroRest(CopyRun run)
    {
        CopyState state = run.State;
        if (!TryWindow(run, state.InPage + state.Copied, AccessKind.Write, out PhysAddr window))
        {
            return CopyStop.WindowFault;
        }

        int count = state.Wanted - state.Copied;
        run.Bed.Memory.Ram.SliceToWrite(window, count).Clear();
        run.Bed.Memory.Code?.Written(window, count);
        return CopyStop.None;
    }

    /// <summary>Copies between two places in RAM, each within a page; code that is written over is decoded again.</summary>
    public static void Put(CopyRun run, PhysAddr from, PhysAddr to, int count)
    {
        PhysicalMemory ram = run.Bed.Memory.Ram;
        ram.Slice(from, count).CopyTo(ram.SliceToWrite(to, count));
        run.Bed.Memory.Code?.Written(to, count);
        if (count == 4096)
        {
            run.Bed.Memory.Cost?.PageCopied(from.Frame, to.Frame);
        }
    }
}
