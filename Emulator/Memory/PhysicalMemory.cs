using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Memory;

/// <summary>Guest RAM: one run of host memory from guest-physical address 0.</summary>
/// <remarks>
/// Addresses at or above <see cref="SizeBytes"/> answer as an empty bus: reads give all ones, writes are dropped (P-048).
/// Every member checks the bound before it touches host memory, so no guest address can reach outside the mapping.
/// </remarks>
public sealed unsafe class PhysicalMemory : IDisposable
{
    /// <summary>The smallest RAM, 1 MiB.</summary>
    public const ulong MinBytes = 1UL << 20;

    /// <summary>The largest RAM, 64 GiB.</summary>
    public const ulong MaxBytes = 64UL << 30;

    private readonly WrittenFrames _written;
    private readonly RamStates _states;

    // Those of _written, nearer: every write to RAM sets one.
    private readonly ulong* _marks;
    private byte* _start;

    /// <summary>Takes RAM of <paramref name="sizeBytes"/> bytes, all zero and not yet backed by host pages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a multiple of 4096 between 1 MiB and 64 GiB.</exception>
    /// <exception cref="InvalidOperationException">The host refuses the address space.</exception>
    public PhysicalMemory(ulong sizeBytes)
    {
        if (sizeBytes is < MinBytes or > MaxBytes || sizeBytes % 4096 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(sizeBytes), sizeBytes, "RAM is a multiple of 4096 from 1 MiB to 64 GiB.");
        }

        SizeBytes = sizeBytes;
        _written = new WrittenFrames(FrameCount);
        _marks = _written.Marks;
        _states = new RamStates(_written);
        _start = HostPages.TryTake(sizeBytes);
        if (_start is null)
        {
            _written.Dispose();
            throw new InvalidOperationException($"The host refuses {sizeBytes} bytes of address space for guest RAM.");
        }
    }

    /// <summary>Bytes of RAM.</summary>
    public ulong SizeBytes { get; }

    /// <summary>4 KiB frames of RAM.</summary>
    public ulong FrameCount => SizeBytes >> 12;

    /// <summary>True when the whole frame is RAM.</summary>
    public bool Contains(Pfn frame) => frame.Raw < FrameCount;

    /// <summary>The 8 bytes at <paramref name="address"/>, which is 8-byte aligned; all ones outside RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64(PhysAddr address) =>
        address.Raw < SizeBytes ? *(ulong*)(_start + (address.Raw & ~7UL)) : ulong.MaxValue;

    /// <summary>Stores 8 bytes at the 8-byte aligned <paramref name="address"/>; dropped outside RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt64(PhysAddr address, ulong value)
    {
        if (address.Raw < SizeBytes)
        {
            Mark(address.Frame);
            *(ulong*)(_start + (address.Raw & ~7UL)) = value;
        }
    }

    /// <summary>Stores <paramref name="value"/> if the 8 bytes still equal <paramref name="expected"/>, as one atomic step.</summary>
    /// <returns>True when stored; also true outside RAM, where the write is dropped.</returns>
    public bool TryExchange(PhysAddr address, ulong expected, ulong value)
    {
        if (address.Raw >= SizeBytes)
        {
            return true;
        }

        Mark(address.Frame);
        return Interlocked.CompareExchange(ref *(ulong*)(_start + (address.Raw & ~7UL)), value, expected) == expected;
    }

    /// <summary>One byte; 0xFF outside RAM.</summary>
    public byte ReadByte(PhysAddr address) => address.Raw < SizeBytes ? _start[address.Raw] : (byte)0xFF;

    /// <summary>Stores one byte; dropped outside RAM.</summary>
    public void WriteByte(PhysAddr address, byte value)
    {
        if (address.Raw < SizeBytes)
        {
            Mark(address.Frame);
            _start[address.Raw] = value;
        }
    }

    /// <summary>The bytes of one frame, to read; empty outside RAM.</summary>
    public ReadOnlySpan<byte> Page(Pfn frame) => Contains(frame) ? new ReadOnlySpan<byte>(_start + (frame.Raw << 12), 4096) : default;

    /// <summary>The bytes of one frame, to write before RAM is saved the next time; empty outside RAM.</summary>
    public Span<byte> PageToWrite(Pfn frame)
    {
        if (!Contains(frame))
        {
            return default;
        }

        Mark(frame);
        return new Span<byte>(_start + (frame.Raw << 12), 4096);
    }

    /// <summary>
    /// The bytes from <paramref name="address"/> on, to read, at most <paramref name="lengthBytes"/>; shorter, or empty, where RAM ends.
    /// </summary>
    public ReadOnlySpan<byte> Slice(PhysAddr address, int lengthBytes) => Bytes(address, lengthBytes);

    /// <summary>As <see cref="Slice"/>, to write before RAM is saved the next time.</summary>
    public Span<byte> SliceToWrite(PhysAddr address, int lengthBytes)
    {
        Span<byte> bytes = Bytes(address, lengthBytes);
        if (bytes.Length > 0)
        {
            _written.Mark(address.Frame, (address + (ulong)(bytes.Length - 1)).Frame);
        }

        return bytes;
    }

    /// <summary>Host address of a frame's first byte, to read from, or 0 outside RAM; for look-asides that hold host pages.</summary>
    public nuint HostPage(Pfn frame) => Contains(frame) ? (nuint)(_start + (frame.Raw << 12)) : 0;

    /// <summary>As <see cref="HostPage"/>, to write to; whoever keeps it across a saving calls <see cref="MarkHostPage"/> then.</summary>
    public nuint HostPageToWrite(Pfn frame)
    {
        if (!Contains(frame))
        {
            return 0;
        }

        Mark(frame);
        return (nuint)(_start + (frame.Raw << 12));
    }

    /// <summary>The frame that <see cref="HostPageToWrite"/> gave <paramref name="hostPage"/> for may be written again.</summary>
    public void MarkHostPage(nuint hostPage) => _written.MarkOpen(new Pfn((hostPage - (nuint)_start) >> 12));

    /// <summary>Sets every byte of <paramref name="frame"/> to zero.</summary>
    public void ZeroPage(Pfn frame) => PageToWrite(frame).Clear();

    /// <summary>Copies one frame over another.</summary>
    public void CopyPage(Pfn from, Pfn to)
    {
        if (Contains(from) && Contains(to))
        {
            Mark(to);
            Unsafe.CopyBlock(_start + (to.Raw << 12), _start + (from.Raw << 12), 4096);
        }
    }

    /// <summary>4 KiB buffers that its images hold, with those of its state saved or restored last.</summary>
    public int PagesHeld => _states.PagesHeld;

    /// <summary>Its content as a value; costs what was written since it was saved or restored last.</summary>
    /// <exception cref="InvalidOperationException">The host refuses memory.</exception>
    public RamImage Save() => _states.Save(_start);

    /// <summary>Gives it the content that it had when <paramref name="image"/> was saved.</summary>
    /// <exception cref="ArgumentException">The image is another RAM's, or was disposed of.</exception>
    public void Restore(RamImage image) => _states.Restore(_start, image);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Mark(Pfn frame) => _marks[frame.Raw >> 6] |= 1UL << (int)frame.Raw;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Bytes(PhysAddr address, int lengthBytes)
    {
        if (address.Raw >= SizeBytes)
        {
            return default;
        }

        ulong left = SizeBytes - address.Raw;
        return new Span<byte>(_start + address.Raw, left < (ulong)lengthBytes ? (int)left : lengthBytes);
    }

    /// <summary>Gives the host memory back; the object answers as an empty bus only if it is not used again.</summary>
    public void Dispose()
    {
        if (_start is not null)
        {
            HostPages.Release(_start, SizeBytes);
            _states.Dispose();
            _written.Dispose();
            _start = null;
        }
    }
}
