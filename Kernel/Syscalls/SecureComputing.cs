using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary><c>seccomp</c>, of a kernel that can restrict nobody.</summary>
/// <remarks>Source: [Linux kernel/seccomp.c, do_seccomp, seccomp_get_action_avail; kernel/sys_ni.c].</remarks>
internal static class SecureComputing
{
    private const uint GetActionAvailable = 2;

    /// <summary><c>seccomp(operation, flags, args)</c>.</summary>
    /// <returns>
    /// ENOSYS for every mode and anything else that needs filters, as without CONFIG_SECCOMP; of SECCOMP_GET_ACTION_AVAIL EOPNOTSUPP, for
    /// no action is available, EINVAL for flags, EFAULT.
    /// </returns>
    public static SyscallOutcome Call(in SyscallCall call)
    {
        if ((uint)call.A0 != GetActionAvailable)
        {
            return Errno.ENOSYS;
        }

        if ((uint)call.A1 != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        return call.Guest.TryReadUInt32(call.A2, out _) ? Errno.EOPNOTSUPP : new Refusal(Errno.EFAULT, ErrnoCause.BadPointer);
    }
}
