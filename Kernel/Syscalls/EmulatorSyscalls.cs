using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Requests to the emulator itself; see docs/guest-header.md.</summary>
internal static class EmulatorSyscalls
{
    private const int MaxMarkBytes = 64;

    /// <summary><c>mmuemu_present</c>.</summary>
    /// <returns>0.</returns>
    public static SyscallOutcome Present(in SyscallCall call) => call.System.Current is null ? Errno.ENOSYS : Errno.None;

    /// <summary><c>mmuemu_mark</c>.</summary>
    /// <returns>0; EFAULT; ENAMETOOLONG when there is no NUL within 64 bytes.</returns>
    public static SyscallOutcome Mark(in SyscallCall call)
    {
        if (!call.Guest.ReadString(call.A0, MaxMarkBytes).Ok(out string? name, out Errno errno))
        {
            return errno;
        }

        call.System.Mark = name;
        call.System.Trace.For(KernelEvent.Mark)?.Take(new TraceEvent(KernelEvent.Mark) { Detail = new MarkDetail(name) });
        return Errno.None;
    }

    /// <summary><c>mmuemu_reclaim</c>.</summary>
    /// <returns>0.</returns>
    public static SyscallOutcome Reclaim(in SyscallCall call)
    {
        Pressure.Reclaim(call.System.Memory, call.A0);
        return Errno.None;
    }

    /// <summary><c>mmuemu_purge</c>.</summary>
    /// <returns>0; EINVAL for an unaligned, empty or wrapping range.</returns>
    public static SyscallOutcome Purge(in SyscallCall call)
    {
        ErrnoCause wrong = call switch
        {
            _ when (call.A0 & 0xFFF) != 0 => ErrnoCause.StartUnaligned,
            _ when (call.A1 & 0xFFF) != 0 => ErrnoCause.LengthUnaligned,
            { A1: 0 } => ErrnoCause.LengthZero,
            _ when unchecked(call.A0 + call.A1) < call.A0 => ErrnoCause.RangeWraps,
            _ => ErrnoCause.None,
        };
        if (wrong != ErrnoCause.None)
        {
            return new Refusal(Errno.EINVAL, wrong);
        }

        Pressure.Purge(call.System.Memory, call.Space, VirtRange.Of(new VirtAddr(call.A0), call.A1));
        return Errno.None;
    }

    /// <summary><c>mmuemu_age</c>.</summary>
    /// <returns>0.</returns>
    public static SyscallOutcome Age(in SyscallCall call)
    {
        Reclaimer.Age(call.System.Memory);
        return Errno.None;
    }

    /// <summary><c>mmuemu_expect_fault</c>.</summary>
    /// <returns>0.</returns>
    public static SyscallOutcome ExpectFault(in SyscallCall call)
    {
        call.Thread.ExpectedFault = new VirtAddr(call.A0);
        return Errno.None;
    }
}
