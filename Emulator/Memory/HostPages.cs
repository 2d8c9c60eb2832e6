using System.Runtime.InteropServices;

namespace MmuEmu.Emulator.Memory;

/// <summary>Zeroed host memory that costs nothing until touched.</summary>
/// <remarks>
/// On Linux an anonymous mapping without reservation, so that 64 GiB of guest RAM can be asked for on a small host;
/// elsewhere the C allocator's zeroed memory, which the host also fills lazily.
/// </remarks>
internal static unsafe class HostPages
{
    private const int ProtReadWrite = 1 | 2;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int AdviseHugePage = 14;
    private const ulong HugePageBytes = 2UL << 20;

    /// <summary>Takes <paramref name="bytes"/> zeroed bytes, 4 KiB aligned; null when the host refuses.</summary>
    public static byte* TryTake(ulong bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 4096) is var p && p is not null ? Zeroed(p, bytes) : null;
        }

        nint mapped = mmap(0, (nuint)bytes, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0);
        if (mapped == -1)
        {
            return null;
        }

        if (bytes >= HugePageBytes)
        {
            _ = madvise(mapped, (nuint)bytes, AdviseHugePage);
        }

        return (byte*)mapped;
    }

    /// <summary>Gives back what <see cref="TryTake"/> gave.</summary>
    public static void Release(byte* start, ulong bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = munmap((nint)start, (nuint)bytes);
            return;
        }

        NativeMemory.AlignedFree(start);
    }

    private static byte* Zeroed(byte* start, ulong bytes)
    {
        NativeMemory.Clear(start, (nuint)bytes);
        return start;
    }

    [DllImport("libc", SetLastError = false)]
    private static extern nint mmap(nint address, nuint length, int prot, int flags, int fd, nint offset);

    [DllImport("libc", SetLastError = false)]
    private static extern int munmap(nint address, nuint length);

    [DllImport("libc", SetLastError = false)]
    private static extern int madvise(nint address, nuint length, int advice);
}
