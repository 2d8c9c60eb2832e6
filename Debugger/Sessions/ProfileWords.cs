using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>All words of <c>--profile</c>: a word that is not here does not exist, for errors, completions, help and documents alike.</summary>
/// <remarks>Who names a family wants its numbers too, whatever the program declares.</remarks>
internal static class ProfileWords
{
    /// <summary>The words, those of a family together.</summary>
    public static IReadOnlyList<ProfileWord> All { get; } =
    [
        Vrange("v10", VrangeVersion.V10, "whole ranges, oldest first; works without swap (the default)", "vrange v10, January 2014"),
        new("madvfree=rfc2014", "the proposal: advice 5, D alone decides (the default)", "MADV_FREE RFC v2, March 2014",
            p => Also(p with { MadvFree = MadvFreeVersion.Rfc2014 }, ProfileSwitches.MadvFreeNumber)),
        new("madvfree=linux45", "as merged: advice 8, freed at once without swap", "Linux 4.5 to 4.11", p => p with { MadvFree = MadvFreeVersion.Linux45 }),
        new("madvfree=linux412", "lazily freed pages on the file lists, without swap too", "Linux 4.12 and later", p => p with { MadvFree = MadvFreeVersion.Linux412 }),
        UserFault("uf2013", UserFaultVersion.Uf2013, "remap_anon_pages with three arguments, every surprise is EFAULT", "MADV_USERFAULT, May 2013"),
        UserFault("uf2014", UserFaultVersion.Uf2014, "four arguments, an errno for each surprise (the default)", "userfault v2, October 2014"),
        new("strict", "MADV_FREE by the number of its version only", "MADV_FREE RFC v2, March 2014",
            p => Also(p, ProfileSwitches.StrictAdvice | ProfileSwitches.MadvFreeNumber)),
        .. CopyWords.All,
    ];

    private static ProfileWord Vrange(string choice, VrangeVersion version, string says, string source) =>
        new($"vrange={choice}", says, source, p => Also(p with { Vrange = version }, ProfileSwitches.VrangeNumbers));

    private static ProfileWord UserFault(string choice, UserFaultVersion version, string says, string source) =>
        new($"userfault={choice}", says, source, p => Also(p with { UserFault = version }, ProfileSwitches.UserFaultNumbers));

    private static KernelProfile Also(KernelProfile profile, ProfileSwitches switches) => profile with { Switches = profile.Switches | switches };
}
