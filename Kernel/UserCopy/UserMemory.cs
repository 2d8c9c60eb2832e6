using System.Buffers.Binary;
using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.UserCopy;

/// <summary>How the kernel reads and writes user memory: through the processor's own MMU and the same fault handler, never around them.</summary>
/// <remarks>
/// A page that raises a signal for user code is EFAULT here, without a signal (V-093, U-050). Writes set D as a store of
/// the program would (F-102). The MMU runs the address space. Source: [Linux arch/x86/lib/usercopy_64.c].
/// </remarks>
public sealed class UserMemory(MemorySystem mem, AddressSpace space, Mmu mmu)
{
    /// <summary>The address space.</summary>
    public AddressSpace Space { get; } = space;

    /// <summary>The fault that ended the last access that failed; its signal is not delivered.</summary>
    public FaultOutcome LastFault { get; private set; }

    /// <summary>Reads bytes until <paramref name="to"/> is full or a page cannot be read.</summary>
    /// <returns>Bytes read; what lies behind them in <paramref name="to"/> is unchanged.</returns>
    public int ReadUpTo(VirtAddr from, Span<byte> to) => Copy(from, AccessKind.Read, to, default);

    /// <summary>Writes bytes until all are written or a page cannot be written.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteUpTo(VirtAddr to, ReadOnlySpan<byte> from) => Copy(to, AccessKind.Write, default, from);

    /// <summary>Reads exactly as many bytes as fit: None, or EFAULT.</summary>
    public Errno Read(VirtAddr from, Span<byte> to) => ReadUpTo(from, to) == to.Length ? Errno.None : Errno.EFAULT;

    /// <summary>Writes all bytes: None, or EFAULT; the bytes before the page that failed are written then.</summary>
    public Errno Write(VirtAddr to, ReadOnlySpan<byte> from) => WriteUpTo(to, from) == from.Length ? Errno.None : Errno.EFAULT;

    /// <summary>Reads a little-endian 32-bit word; EFAULT.</summary>
    public Result<uint> ReadUInt32(VirtAddr from)
    {
        Span<byte> bytes = stackalloc byte[4];
        return Read(from, bytes) == Errno.None ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : Errno.EFAULT;
    }

    /// <summary>Reads a little-endian 64-bit word; EFAULT.</summary>
    public Result<ulong> ReadUInt64(VirtAddr from)
    {
        Span<byte> bytes = stackalloc byte[8];
        return Read(from, bytes) == Errno.None ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : Errno.EFAULT;
    }

    /// <summary>Writes a little-endian 32-bit word: None, or EFAULT.</summary>
    public Errno WriteUInt32(VirtAddr to, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Write(to, bytes);
    }

    /// <summary>Writes a little-endian 64-bit word: None, or EFAULT.</summary>
    public Errno WriteUInt64(VirtAddr to, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Write(to, bytes);
    }

    /// <summary>Reads the bytes before a NUL.</summary>
    /// <param name="from">The first byte.</param>
    /// <param name="maxBytes">The longest string allowed, its NUL included.</param>
    /// <returns>The bytes without the NUL; EFAULT; ENAMETOOLONG when no NUL comes in time.</returns>
    public Result<byte[]> ReadString(VirtAddr from, int maxBytes)
    {
        byte[] text = new byte[maxBytes];
        int have = 0;
        while (have < maxBytes)
        {
            VirtAddr at = from + (ulong)have;
            int chunk = Math.Min(4096 - at.PageOffset, maxBytes - have);
            if (ReadUpTo(at, text.AsSpan(have, chunk)) != chunk)
            {
                return Errno.EFAULT;
            }

            int nul = text.AsSpan(have, chunk).IndexOf((byte)0);
            if (nul >= 0)
            {
                return text[..(have + nul)];
            }

            have += chunk;
        }

        return Errno.ENAMETOOLONG;
    }

    /// <summary>Copies page by page in the direction that <paramref name="kind"/> names; the other span is empty.</summary>
    private int Copy(VirtAddr user, AccessKind kind, Span<byte> to, ReadOnlySpan<byte> from)
    {
        Debug.Assert(mmu.Mode.Root == Space.Root, "the MMU runs another address space");
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
            Span<byte> page = mem.Ram.Slice(at, chunk);
            if (kind == AccessKind.Read)
            {
                page.CopyTo(to[done..]);
            }
            else
            {
                from.Slice(done, chunk).CopyTo(page);
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
        while (true)
        {
            if (mmu.TryTranslate(access, out Translated translated, out PageFault fault))
            {
                at = translated.Address;
                return true;
            }

            FaultOutcome outcome = FaultHandler.Handle(mem, Space, fault);
            if (outcome.End != FaultEnd.Resume)
            {
                LastFault = outcome;
                return false;
            }
        }
    }
}
