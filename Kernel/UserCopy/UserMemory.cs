using System.Buffers.Binary;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.UserCopy;

/// <summary>User memory of the space that runs: bytes, words and strings; code that is written over is decoded again.</summary>
/// <remarks>What would be a signal for the program ends the copy here (V-093, U-050).</remarks>
/// <param name="mem">Memory management.</param>
/// <param name="mmu">The MMU of the processor.</param>
/// <param name="vcpu">Who decodes code from this memory; null for nobody.</param>
internal sealed class UserMemory(MemorySystem mem, Mmu mmu, Vcpu? vcpu = null) : IWholeOfParts
{
    private readonly UserPages _pages = new(mem, mmu);

    /// <summary>The space that runs now.</summary>
    public AddressSpace? Space
    {
        get => _pages.Space;
        set => _pages.Space = value;
    }

    /// <summary>The fault that ended the last access that failed; its signal is not delivered.</summary>
    public FaultOutcome LastFault => _pages.LastFault;

    /// <summary>A system call begins: what ended an access of an earlier one is not its affair.</summary>
    public void ForgetFault()
    {
        if (_pages.LastFault.End != FaultEnd.Resume)
        {
            _pages.LastFault = default;
        }
    }

    /// <summary>What the copies of the system call at work met of pages that are held back.</summary>
    public HeldCopies Held { get; } = new();

    /// <summary>Takes memory from somebody when a copy finds none; false when nothing can be had.</summary>
    public Func<bool> RelieveMemory { get; set; } = static () => false;

    /// <summary>Reads up to the first byte that cannot be read.</summary>
    /// <returns>Bytes read.</returns>
    public int ReadUpTo(ulong address, Span<byte> destination)
    {
        int done = 0;
        do
        {
            done += _pages.ReadUpTo(new VirtAddr(address + (ulong)done), destination[done..]);
        }
        while (done < destination.Length && Relieved());

        NoteHeld(done < destination.Length);
        return done;
    }

    /// <summary>Writes up to the first byte that cannot be written; what a held page keeps waiting counts as written.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteUpTo(ulong address, ReadOnlySpan<byte> source)
    {
        int done = Store(address, source);
        if (done < source.Length
            && _pages.LastFault.Wait is { } wait
            && Held.TryKeep(Space, address + (ulong)done, source[done..], Patiently(wait)))
        {
            return source.Length;
        }

        NoteHeld(done < source.Length);
        return done;
    }

    /// <summary>Writes up to the first byte that cannot be written now; no store is kept for later.</summary>
    private int WriteNow(ulong address, ReadOnlySpan<byte> source)
    {
        int done = Store(address, source);
        NoteHeld(done < source.Length);
        return done;
    }

    private int Store(ulong address, ReadOnlySpan<byte> source)
    {
        int done = 0;
        do
        {
            done += _pages.WriteUpTo(new VirtAddr(address + (ulong)done), source[done..]);
        }
        while (done < source.Length && Relieved());

        if (vcpu is not null)
        {
            CodeWritten(vcpu, address, done);
        }

        return done;
    }

    /// <summary>Reads all, or says EFAULT by false.</summary>
    public bool TryRead(ulong address, Span<byte> destination) => ReadUpTo(address, destination) == destination.Length;

    /// <summary>Writes all, or says EFAULT by false; the bytes before the fault are written.</summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => WriteUpTo(address, source) == source.Length;

    /// <summary>Brings in the pages of a buffer that is about to be written, and changes no byte.</summary>
    /// <returns>Bytes up to the first page that cannot be written.</returns>
    public int ProbeWrite(ulong address, int lengthBytes)
    {
        Span<byte> first = stackalloc byte[1];
        int done = 0;
        while (done < lengthBytes && TryRead(address + (ulong)done, first) && WriteNow(address + (ulong)done, first) == 1)
        {
            done = Math.Min(lengthBytes, done + 4096 - new VirtAddr(address + (ulong)done).PageOffset);
        }

        return done;
    }

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

    /// <summary>Writes 4 bytes that the call's next steps rely on: a held page fails it, and the call is made again.</summary>
    public bool TryUpdateUInt32(ulong address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return WriteNow(address, bytes) == bytes.Length;
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
                return GuestText.Of([.. text]);
            }

            if (got < wanted)
            {
                return Errno.EFAULT;
            }
        }

        return Errno.ENAMETOOLONG;
    }

    /// <summary>Inside a system call signals wait until the page is let go.</summary>
    /// <remarks>Source: [Linux include/linux/sched/signal.h, fault_signal_pending].</remarks>
    private static WaitFor Patiently(WaitFor wait) => wait with { Interruption = Interruption.Never };

    private void NoteHeld(bool failed)
    {
        if (failed && _pages.LastFault.Wait is { } wait)
        {
            Held.Fail(Space, Patiently(wait));
        }
    }

    private bool Relieved() => _pages.LastFault.End == FaultEnd.OutOfMemory && RelieveMemory();

    /// <summary>Blocks decoded from the written bytes are dropped.</summary>
    private void CodeWritten(Vcpu decoder, ulong address, int count)
    {
        for (int done = 0; done < count;)
        {
            VirtAddr at = new(address + (ulong)done);
            int part = Math.Min(count - done, 4096 - at.PageOffset);
            if (mmu.TryPeek(at, out PhysAddr where))
            {
                decoder.CodeWritten(where, part);
            }

            done += part;
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(Held);
    }
}
