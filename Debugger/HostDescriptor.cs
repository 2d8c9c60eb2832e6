using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger;

/// <summary>A file descriptor that the command was started with, without a buffer or a position of our own in between.</summary>
/// <remarks>
/// Where one of the three was closed, the runtime's own files soon have its number. They are closed by exec, and what was inherited is not:
/// so the one is told from the other.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class HostDescriptor
{
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;
    private const short Readable = 1;
    private const short HungUp = 0x10;
    private const int OpenBoth = 0x80002;
    private const int StopSignal = 19;
    private const nuint WindowSize = 0x5413;
    private const nuint GetModes = 0x5401;
    private const nuint SetModes = 0x5402;

    /// <summary>True when the command was started with it open.</summary>
    public static bool IsOpen(int descriptor) => fcntl(descriptor, GetFlags, 0) is var flags and >= 0 && (flags & CloseOnExec) == 0;

    /// <summary>True when it leads to a terminal.</summary>
    public static bool IsTerminal(int descriptor) => IsOpen(descriptor) && isatty(descriptor) == 1;

    /// <summary>Columns and rows of its terminal; 80 and 24 where it has none or does not know.</summary>
    public static (ushort Columns, ushort Rows) SizeOf(int descriptor)
    {
        Window window = default;
        return ioctl(descriptor, WindowSize, ref window) == 0 && window.Columns > 0 ? (window.Columns, window.Rows) : ((ushort)80, (ushort)24);
    }

    /// <summary>Reads the settings of its terminal, the kernel's struct termios, into 36 bytes.</summary>
    /// <returns>None, or why not.</returns>
    public static Errno ReadModes(int descriptor, Span<byte> modes) => Ask(descriptor, GetModes, ref MemoryMarshal.GetReference(modes));

    /// <summary>Changes the settings of its terminal.</summary>
    /// <param name="descriptor">The terminal.</param>
    /// <param name="modes">The kernel's struct termios, 36 bytes.</param>
    /// <param name="when">0: at once; 1: after what was written has gone out; 2: also forgetting what was typed.</param>
    /// <returns>None, or why not.</returns>
    public static Errno WriteModes(int descriptor, ReadOnlySpan<byte> modes, int when) =>
        Ask(descriptor, SetModes + (nuint)when, ref MemoryMarshal.GetReference(modes));

    /// <summary>True when its terminal listens to this command now: it is not in a shell's background.</summary>
    public static bool IsForeground(int descriptor) => tcgetpgrp(descriptor) == getpgrp();

    /// <summary>Stops this process until somebody lets it go on, as a shell does.</summary>
    public static void StopSelf() => _ = kill(Environment.ProcessId, StopSignal);

    /// <summary>Waits at most <paramref name="milliseconds"/> for something to read, the end included; true when there is.</summary>
    public static bool HasInput(int descriptor, int milliseconds)
    {
        Polled polled = new() { Descriptor = descriptor, Events = Readable };
        return poll(ref polled, 1, milliseconds) > 0;
    }

    /// <summary>True when its other end, or its terminal, is gone.</summary>
    public static bool IsHungUp(int descriptor)
    {
        Polled polled = new() { Descriptor = descriptor, Events = Readable };
        return poll(ref polled, 1, 0) > 0 && (polled.Happened & HungUp) != 0;
    }

    /// <summary>Reads up to <paramref name="destination"/>'s length into <paramref name="count"/>, 0 at the end.</summary>
    /// <returns>None, or why not.</returns>
    public static Errno Read(int descriptor, Span<byte> destination, out int count)
    {
        nint got = read(descriptor, ref MemoryMarshal.GetReference(destination), destination.Length);
        count = (int)Math.Max(got, 0);
        return got >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    /// <summary>Writes all of <paramref name="source"/>; <paramref name="count"/> is what went before the host refused.</summary>
    /// <returns>None, or why not: EPIPE for a pipe that nobody reads, ENOSPC for what is full.</returns>
    public static Errno Write(int descriptor, ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        while (count < source.Length)
        {
            nint written = write(descriptor, in MemoryMarshal.GetReference(source[count..]), source.Length - count);
            if (written >= 0)
            {
                count += (int)written;
            }
            else if ((Errno)Marshal.GetLastPInvokeError() is var errno and not (Errno.EINTR or Errno.EAGAIN))
            {
                return errno;
            }
        }

        return Errno.None;
    }

    /// <summary>Makes the terminal that the command belongs to its standard input, whatever that was; false when there is none.</summary>
    public static bool TakeTerminalAsInput()
    {
        int terminal = open(in MemoryMarshal.GetReference("/dev/tty\0"u8), OpenBoth);
        return terminal >= 0 && dup2(terminal, 0) == 0;
    }

    private static Errno Ask(int descriptor, nuint request, ref byte argument)
    {
        while (ioctl(descriptor, request, ref argument) != 0)
        {
            if ((Errno)Marshal.GetLastPInvokeError() is var errno and not Errno.EINTR)
            {
                return errno;
            }
        }

        return Errno.None;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(int descriptor, ref byte start, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int descriptor, in byte start, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(int descriptor, int command, int argument);

    [DllImport("libc")]
    private static extern int open(in byte path, int flags);

    [DllImport("libc")]
    private static extern int dup2(int descriptor, int other);

    [DllImport("libc")]
    private static extern int isatty(int descriptor);

    [DllImport("libc")]
    private static extern int ioctl(int descriptor, nuint request, ref Window window);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, ref byte argument);

    [DllImport("libc")]
    private static extern int tcgetpgrp(int descriptor);

    [DllImport("libc")]
    private static extern int getpgrp();

    [DllImport("libc")]
    private static extern int kill(int process, int signal);

    [DllImport("libc")]
    private static extern int poll(ref Polled polled, nuint count, int milliseconds);

    private struct Polled
    {
        public int Descriptor;
        public short Events;
#pragma warning disable CS0649, S1144 // The host writes it.
        public short Happened;
#pragma warning restore CS0649, S1144
    }

#pragma warning disable CS0649 // The host writes them.
    private struct Window
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
#pragma warning restore CS0649
}
