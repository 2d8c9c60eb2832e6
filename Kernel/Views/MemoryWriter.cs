using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>Writes memory of any space as ptrace does.</summary>
internal static class MemoryWriter
{
    private const int PageBytes = 4096;

    /// <summary>Writes up to the first page that cannot be written.</summary>
    /// <returns>Why it ended before all was written; <paramref name="done"/> are the bytes written.</returns>
    public static Errno Write(TaskSystem system, AddressSpace space, VirtAddr address, ReadOnlySpan<byte> bytes, out int done)
    {
        done = 0;
        while (done < bytes.Length)
        {
            VirtAddr at = new(unchecked(address.Raw + (ulong)done));
            if (VmaLook.Covering(space, at) is not { } vma || vma.Has(VmFlags.PfnMap))
            {
                return Errno.EFAULT;
            }

            int count = Math.Min(PageBytes - at.PageOffset, bytes.Length - done);
            Errno errno = vma.Has(VmFlags.Write) ? Store(system, vma, at, bytes.Slice(done, count)) : Force(system, vma, at, bytes.Slice(done, count));
            if (errno != Errno.None)
            {
                return errno;
            }

            done += count;
        }

        return Errno.None;
    }

    /// <summary>Stores where the program may not write: its own copy of a private page, which it may not write afterwards either.</summary>
    private static Errno Force(TaskSystem system, Vma vma, VirtAddr at, ReadOnlySpan<byte> bytes)
    {
        if (vma.Has(VmFlags.Shared) || !vma.Has(VmFlags.MayWrite))
        {
            return Errno.EFAULT;
        }

        // The fault handler copies for a mapping that allows it: this one does for as long as it takes.
        VmFlags flags = vma.Flags;
        vma.Flags = flags | VmFlags.Read | VmFlags.Write;
        Errno errno = Store(system, vma, at, bytes);
        vma.Flags = flags;
        TakeRights(system.Memory, vma, at);
        return errno;
    }

    private static Errno Store(TaskSystem system, Vma vma, VirtAddr at, ReadOnlySpan<byte> bytes)
    {
        MemorySystem mem = system.Memory;
        Refusal refusal = mem.Filler!.Fill(vma.Space, at, AccessKind.Write);
        if (refusal != Refusal.None)
        {
            return refusal.Errno;
        }

        TableEntry found = mem.Editor.Find(vma.Space.Tables, at);
        PhysAddr start = PageStates.FrameOf(found, at).Base + (ulong)at.PageOffset;
        bytes.CopyTo(mem.Ram.SliceToWrite(start, bytes.Length));
        system.Core.Vcpu.CodeWritten(start, bytes.Length);
        using TlbGather gather = mem.Gathers.Take(vma.Space.Tag);
        _ = mem.Editor.Write(found, found.Entry.With(PteBits.A | PteBits.D), gather);
        return Errno.None;
    }

    /// <summary>Gives the entry the rights of its mapping again.</summary>
    private static void TakeRights(MemorySystem mem, Vma vma, VirtAddr at)
    {
        TableEntry found = mem.Editor.Find(vma.Space.Tables, at);
        if (SoftPteFormat.HasFrame(found.Entry))
        {
            using TlbGather gather = mem.Gathers.Take(vma.Space.Tag);
            _ = mem.Editor.Write(found, vma.Reprotected(found.Entry, found.Level), gather);
        }
    }
}
