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
        _start = HostPages.TryTake(sizeBytes);
        if (_start is null)
        {
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
    public ulong ReadUInt64(PhysAddr address) =>
        address.Raw < SizeBytes ? *(ulong*)(_start + (address.Raw & ~7UL)) : ulong.MaxValue;

    /// <summary>Stores 8 bytes at the 8-byte aligned <paramref name="address"/>; dropped outside RAM.</summary>
    public void WriteUInt64(PhysAddr address, ulong value)
    {
        if (address.Raw < SizeBytes)
        {
            *(ulong*)(_start + (address.Raw & ~7UL)) = value;
        }
    }

    /// <summary>Stores <paramref name="value"/> if the 8 bytes still equal <paramref name="expected"/>, as one atomic step.</summary>
    /// <returns>True when stored; also true outside RAM, where the write is dropped.</returns>
    public bool TryExchange(PhysAddr address, ulong expected, ulong value) =>
        address.Raw >= SizeBytes
        || Interlocked.CompareExchange(ref *(ulong*)(_start + (address.Raw & ~7UL)), value, expected) == expected;

    /// <summary>One byte; 0xFF outside RAM.</summary>
    public byte ReadByte(PhysAddr address) => address.Raw < SizeBytes ? _start[address.Raw] : (byte)0xFF;

    /// <summary>Stores one byte; dropped outside RAM.</summary>
    public void WriteByte(PhysAddr address, byte value)
    {
        if (address.Raw < SizeBytes)
        {
            _start[address.Raw] = value;
        }
    }

    /// <summary>The bytes of one frame; empty outside RAM.</summary>
    public Span<byte> Page(Pfn frame) => Contains(frame) ? new Span<byte>(_start + (frame.Raw << 12), 4096) : default;

    /// <summary>
    /// The bytes from <paramref name="address"/> on, at most <paramref name="lengthBytes"/>; shorter, or empty, where RAM ends.
    /// </summary>
    public Span<byte> Slice(PhysAddr address, int lengthBytes)
    {
        if (address.Raw >= SizeBytes)
        {
            return default;
        }

        ulong left = SizeBytes - address.Raw;
        return new Span<byte>(_start + address.Raw, left < (ulong)lengthBytes ? (int)left : lengthBytes);
    }

    /// <summary>Host address of a frame's first byte, or 0 outside RAM; for look-asides that hold host pages.</summary>
    public nuint HostPage(Pfn frame) => Contains(frame) ? (nuint)(_start + (frame.Raw << 12)) : 0;

    /// <summary>Sets every byte of <paramref name="frame"/> to zero.</summary>
    public void ZeroPage(Pfn frame) => Page(frame).Clear();

    /// <summary>Copies one frame over another.</summary>
    public void CopyPage(Pfn from, Pfn to)
    {
        if (Contains(from) && Contains(to))
        {
            Unsafe.CopyBlock(_start + (to.Raw << 12), _start + (from.Raw << 12), 4096);
        }
    }

    /// <summary>Gives the host memory back; the object answers as an empty bus only if it is not used again.</summary>
    public void Dispose()
    {
        if (_start is not null)
        {
            HostPages.Release(_start, SizeBytes);
            _start = null;
        }
    }
}
