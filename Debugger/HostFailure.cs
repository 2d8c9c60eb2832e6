using System.Runtime.InteropServices;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger;

/// <summary>Why the host refused, as a number and in words.</summary>
internal static class HostFailure
{
    private const int DiskFull = unchecked((int)0x80070070);
    private const int MostErrno = 4095;

    /// <summary>The errno in an exception of .NET: on Unix it carries the number itself; EPIPE where nothing is known.</summary>
    public static Errno Of(IOException refused) => refused.HResult switch
    {
        DiskFull => Errno.ENOSPC,
        > 0 and <= MostErrno => (Errno)refused.HResult,
        _ => Errno.EPIPE,
    };

    /// <summary>The host's words for it.</summary>
    public static string Words(Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);
}
