using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Faults;

/// <summary>A touch of a hole in a mapping with MADV_USERFAULT: SIGBUS to the thread that touched it; nothing is filled (U-020 to U-022).</summary>
internal static class UserFaultFault
{
    /// <summary>The signal, with the exact byte as si_addr (U-040).</summary>
    public static FaultOutcome Raise(in FaultSite site) => FaultOutcome.Bus(FaultKind.UserFault, site.Fault.Cr2);
}
