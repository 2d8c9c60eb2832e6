using System.Runtime.InteropServices;

namespace MmuEmu.Tests.Oracles;

/// <summary>The memory of the process that the tests run in, as an oracle: the same calls, answered by real Linux.</summary>
/// <remarks>Only a window that nothing else uses is touched; pages are read and written by calls that answer EFAULT.</remarks>
public sealed unsafe class HostMemory : IDisposable
{
    private const int Private = 2;
    private const int Anonymous = 0x20;
    private const int FixedNoReplace = 0x10_0000;
    private readonly ulong _start;
    private readonly ulong _length;

    /// <summary>Takes the window and empties it.</summary>
    public HostMemory(ulong start, ulong length)
    {
        (_start, _length) = (start, length);
        Free = Call(() => mmap(start, (nuint)length, 0, Private | Anonymous | FixedNoReplace, -1, 0)) == (long)start;
        if (Free)
        {
            _ = munmap(start, (nuint)length);
        }
    }

    /// <summary>True where the oracle can run: x86-64 Linux.</summary>
    public static bool Present => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>True when nothing else of this process lies in the window.</summary>
    public bool Free { get; }

    public long Map(ulong address, ulong length, int prot, int flags) =>
        Call(() => mmap(address, (nuint)length, prot, flags, -1, 0));

    public long Unmap(ulong address, ulong length) => Call(() => munmap(address, (nuint)length));

    public long Protect(ulong address, ulong length, int prot) => Call(() => mprotect(address, (nuint)length, prot));

    public long Advise(ulong address, ulong length, int advice) => Call(() => madvise(address, (nuint)length, advice));

    public long Lock(ulong address, ulong length) => Call(() => mlock(address, (nuint)length));

    public long Unlock(ulong address, ulong length) => Call(() => munlock(address, (nuint)length));

    public long Remap(ulong old, ulong oldLength, ulong newLength, int flags, ulong target) =>
        Call(() => mremap(old, (nuint)oldLength, (nuint)newLength, flags, target));

    /// <summary>True when no mapping border of this process lies strictly within the range.</summary>
    public static bool InOneMapping(ulong start, ulong end)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] borders = line.Split(' ')[0].Split('-');
            ulong low = Convert.ToUInt64(borders[0], 16);
            ulong high = Convert.ToUInt64(borders[1], 16);
            if ((low > start && low < end) || (high > start && high < end))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads one byte; null where user code would get a signal.</summary>
    public byte? Read(ulong address)
    {
        byte value = 0;
        IoVec local = new() { Base = (ulong)&value, Length = 1 };
        IoVec remote = new() { Base = address, Length = 1 };
        return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == 1 ? value : null;
    }

    /// <summary>Writes one byte; false where user code would get a signal.</summary>
    public bool Write(ulong address, byte value)
    {
        IoVec local = new() { Base = (ulong)&value, Length = 1 };
        IoVec remote = new() { Base = address, Length = 1 };
        return process_vm_writev(getpid(), &local, 1, &remote, 1, 0) == 1;
    }

    public void Dispose()
    {
        if (Free)
        {
            _ = munmap(_start, (nuint)_length);
        }
    }

    /// <summary>The value, or minus the errno.</summary>
    private static long Call(Func<long> call)
    {
        long result = call();
        return result == -1 ? -Marshal.GetLastSystemError() : result;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVec
    {
        public ulong Base;
        public ulong Length;
    }

    [DllImport("libc")]
    private static extern long mmap(ulong address, nuint length, int prot, int flags, int fd, nint offset);

    [DllImport("libc")]
    private static extern int munmap(ulong address, nuint length);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int mprotect32(ulong address, nuint length, int prot);

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int madvise32(ulong address, nuint length, int advice);

    [DllImport("libc", EntryPoint = "mlock")]
    private static extern int mlock32(ulong address, nuint length);

    [DllImport("libc", EntryPoint = "munlock")]
    private static extern int munlock32(ulong address, nuint length);

    [DllImport("libc")]
    private static extern long mremap(ulong old, nuint oldLength, nuint newLength, int flags, ulong target);

    [DllImport("libc")]
    private static extern nint process_vm_readv(int pid, IoVec* local, nuint localCount, IoVec* remote, nuint remoteCount, nuint flags);

    [DllImport("libc")]
    private static extern nint process_vm_writev(int pid, IoVec* local, nuint localCount, IoVec* remote, nuint remoteCount, nuint flags);

    [DllImport("libc")]
    private static extern int getpid();

    private static long mprotect(ulong address, nuint length, int prot) => mprotect32(address, length, prot);

    private static long madvise(ulong address, nuint length, int advice) => madvise32(address, length, advice);

    private static long mlock(ulong address, nuint length) => mlock32(address, length);

    private static long munlock(ulong address, nuint length) => munlock32(address, length);
}
