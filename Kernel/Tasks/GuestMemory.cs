using System.Buffers.Binary;
using System.Text;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Guest memory as system calls see it: the space that runs now, through the same MMU and fault handler as the program.</summary>
/// <remarks>What would be a signal for the program ends the copy here (V-093, U-050).</remarks>
public sealed class GuestMemory(MemorySystem mem, Core core)
{
    /// <summary>The space that runs now.</summary>
    public AddressSpace? Space { get; set; }

    /// <summary>Takes memory from somebody when a copy finds none; false when nothing can be had.</summary>
    public Func<bool> RelieveMemory { get; set; } = static () => false;

    /// <summary>Reads up to the first byte that cannot be read.</summary>
    /// <returns>Bytes read.</returns>
    public int ReadUpTo(ulong address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && TryOpen(address + (ulong)done, AccessKind.Read, out PhysAddr at))
        {
            int count = Math.Min(destination.Length - done, 4096 - (int)(at.Raw & 0xFFF));
            mem.Ram.Slice(at, count).CopyTo(destination[done..]);
            done += count;
        }

        return done;
    }

    /// <summary>Writes up to the first byte that cannot be written.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteUpTo(ulong address, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length && TryOpen(address + (ulong)done, AccessKind.Write, out PhysAddr at))
        {
            int count = Math.Min(source.Length - done, 4096 - (int)(at.Raw & 0xFFF));
            source.Slice(done, count).CopyTo(mem.Ram.Slice(at, count));
            core.Vcpu.CodeWritten(at, count);
            done += count;
        }

        return done;
    }

    /// <summary>Reads all, or says EFAULT by false.</summary>
    public bool TryRead(ulong address, Span<byte> destination) => ReadUpTo(address, destination) == destination.Length;

    /// <summary>Writes all, or says EFAULT by false; the bytes before the fault are written.</summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => WriteUpTo(address, source) == source.Length;

    /// <summary>Reads 8 bytes.</summary>
    public bool TryReadUInt64(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool read = TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return read;
    }

    /// <summary>Reads 4 bytes.</summary>
    public bool TryReadUInt32(ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        bool read = TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return read;
    }

    /// <summary>Writes 8 bytes.</summary>
    public bool TryWriteUInt64(ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Writes 4 bytes.</summary>
    public bool TryWriteUInt32(ulong address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Reads a C string.</summary>
    /// <returns>The text; EFAULT; ENAMETOOLONG when there is no NUL within <paramref name="maxBytes"/>.</returns>
    public Result<string> ReadString(ulong address, int maxBytes)
    {
        List<byte> text = [];
        Span<byte> chunk = stackalloc byte[256];
        while (text.Count < maxBytes)
        {
            ulong at = address + (ulong)text.Count;
            int wanted = Math.Min(Math.Min(256 - (int)(at & 0xFF), 256), maxBytes - text.Count);
            int got = ReadUpTo(at, chunk[..wanted]);
            int end = chunk[..got].IndexOf((byte)0);
            text.AddRange(chunk[..(end < 0 ? got : end)]);
            if (end >= 0)
            {
                return Encoding.UTF8.GetString([.. text]);
            }

            if (got < wanted)
            {
                return Errno.EFAULT;
            }
        }

        return Errno.ENAMETOOLONG;
    }

    private bool TryOpen(ulong address, AccessKind kind, out PhysAddr at)
    {
        at = default;
        if (address >= VirtRange.TaskSize || Space is null)
        {
            return false;
        }

        Access access = new(new VirtAddr(address), kind, AccessOrigin.User);
        while (true)
        {
            if (core.Mmu.TryTranslate(access, out Translated translation, out PageFault fault))
            {
                at = translation.Address;
                return true;
            }

            FaultOutcome outcome = FaultHandler.Handle(mem, Space, fault);
            bool again = outcome.End == FaultEnd.Resume || (outcome.End == FaultEnd.OutOfMemory && RelieveMemory());
            if (!again)
            {
                return false;
            }
        }
    }
}
