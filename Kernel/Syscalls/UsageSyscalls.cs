using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What threads, processes and children have used.</summary>
/// <remarks>Source: [Linux kernel/sys.c, getrusage; kernel/compat.c, put_compat_rusage].</remarks>
internal static class UsageSyscalls
{
    private const ulong Second = 1_000_000_000;
    private const int OfChildren = -1;
    private const int OfThread = 1;
    private const int Bytes = 144;
    private const int NarrowBytes = 72;

    /// <summary><c>getrusage</c>.</summary>
    /// <returns>0; EINVAL for an unknown who; EFAULT.</returns>
    public static SyscallOutcome GetRusage(in SyscallCall call)
    {
        if ((int)call.A0 is < OfChildren or > OfThread)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.WhoUnknown);
        }

        Usage usage = (int)call.A0 switch
        {
            OfChildren => call.Process.OfChildren,
            OfThread => call.Process.Used with
            {
                Instructions = call.Thread.Instructions,
                MinorFaults = call.Thread.Faults.Minor,
                MajorFaults = call.Thread.Faults.Major,
            },
            _ => call.Process.Used,
        };
        return TryWrite(call, call.A1, usage) ? Errno.None : Errno.EFAULT;
    }

    /// <summary>Writes a struct rusage: user time, the highest resident size in KiB, faults; all else is 0.</summary>
    public static bool TryWrite(in SyscallCall call, ulong address, in Usage usage)
    {
        StructWriter fields = new(call.NarrowTimes ? NarrowBytes : Bytes);
        int word = call.NarrowTimes ? 4 : 8;
        Put(fields, 0, word, usage.Instructions / Second);
        Put(fields, 1, word, usage.Instructions % Second / 1000);
        Put(fields, 4, word, (ulong)usage.PeakPages * 4);
        Put(fields, 8, word, usage.MinorFaults);
        Put(fields, 9, word, usage.MajorFaults);
        return call.Guest.TryWrite(address, fields.Bytes);
    }

    private static void Put(in StructWriter fields, int index, int wordBytes, ulong value)
    {
        if (wordBytes == 8)
        {
            fields.Put64(index * 8, value);
        }
        else
        {
            fields.Put32(index * 4, (uint)value);
        }
    }
}
