using System.Runtime.InteropServices;

namespace MmuEmu.Debugger;

/// <summary>Writes to a file descriptor of the host, without a buffer or a position of our own in between.</summary>
internal static class HostDescriptor
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;

    /// <summary>Writes all of <paramref name="source"/>; false when the host refuses, as for a pipe that nobody reads.</summary>
    public static bool TryWrite(int descriptor, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            nint written = write(descriptor, in MemoryMarshal.GetReference(source), source.Length);
            if (written >= 0)
            {
                source = source[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() is not (Interrupted or TryAgain))
            {
                return false;
            }
        }

        return true;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int descriptor, in byte start, nint count);
}
