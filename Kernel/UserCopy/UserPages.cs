using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.UserCopy;

/// <summary>How the kernel reads and writes user memory: through the processor's own MMU and the same fault handler, never around them.</summary>
/// <remarks>
/// A page that raises a signal for user code is EFAULT here, without a signal (V-093, U-050). Writes set D as a store of
/// the program would (F-102). The MMU runs the address space. Source: [Linux arch/x86/lib/usercopy_64.c].
/// </remarks>
internal sealed class UserPages(MemorySystem mem, Mmu mmu) : IStateful
{
    /// <summary>The address space that the MMU runs; null before there is one.</summary>
    public AddressSpace? Space { get; set; }

    /// <summary>The fault that ended the last access that failed; its signal is not delivered.</summary>
    public FaultOutcome LastFault { get; set; }

    /// <summary>Reads bytes until <paramref name="to"/> is full or a page cannot be read.</summary>
    /// <returns>Bytes read; what lies behind them in <paramref name="to"/> is unchanged.</returns>
    public int ReadUpTo(VirtAddr from, Span<byte> to) => Copy(from, AccessKind.Read, to, default);

    /// <summary>Writes bytes until all are written or a page cannot be written.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteUpTo(VirtAddr to, ReadOnlySpan<byte> from) => Copy(to, AccessKind.Write, default, from);

    /// <summary>Copies page by page in the direction that <paramref name="kind"/> names; the other span is empty.</summary>
    private int Copy(VirtAddr user, AccessKind kind, Span<byte> to, ReadOnlySpan<byte> from)
    {
        Debug.Assert(mmu.Mode.Root == Space!.Root, "the MMU runs another address space");
        PagingMode before = mmu.Mode;
        bool lift = before.Has(PagingBits.Smap) && !before.Has(PagingBits.Ac);
        if (lift)
        {
            mmu.Mode = before with { Bits = before.Bits | PagingBits.Ac };
        }

        int length = kind == AccessKind.Read ? to.Length : from.Length;
        int done = 0;
        while (done < length && TryReach(user + (ulong)done, kind, out PhysAddr at))
        {
            int chunk = Math.Min(4096 - (int)(at.Raw & 0xFFF), length - done);
            if (kind == AccessKind.Read)
            {
                mem.Ram.Slice(at, chunk).CopyTo(to[done..]);
            }
            else
            {
                from.Slice(done, chunk).CopyTo(mem.Ram.SliceToWrite(at, chunk));
            }

            done += chunk;
        }

        if (lift)
        {
            mmu.Mode = before;
        }

        return done;
    }

    /// <summary>Translates one byte's address as the kernel's own access, handling faults; false where user code would get a signal.</summary>
    private bool TryReach(VirtAddr address, AccessKind kind, out PhysAddr at)
    {
        at = default;
        if (address.Raw >= VirtRange.TaskSize)
        {
            LastFault = FaultOutcome.Segv(FaultKind.NoMapping, SigCode.SegvMapErr, address);
            return false;
        }

        Access access = new(address, kind, AccessOrigin.Supervisor);
        for (int tries = 1; ; tries++)
        {
            if (mmu.TryTranslate(access, out Translated translated, out PageFault fault))
            {
                at = translated.Address;
                return true;
            }

            FaultOutcome outcome = FaultHandler.Handle(mem, Space!, fault);
            if (outcome.End != FaultEnd.Resume || tries == PageFiller.MostTries)
            {
                LastFault = outcome.End == FaultEnd.Resume ? FaultOutcome.OutOfMemory(outcome.Kind) : outcome;
                return false;
            }
        }
    }

    object IStateful.Save(object? last) => (Space, LastFault);

    void IStateful.Restore(object state) => (Space, LastFault) = ((AddressSpace?, FaultOutcome))state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(Space);
}
