using System.Diagnostics.CodeAnalysis;

namespace MmuEmu.Kernel.Abi;

/// <summary>Families of proposals whose numbers Linux has since given to something else.</summary>
/// <remarks>The bits are those of a program's own declaration, the description of its ELF note (docs/guest-header.md).</remarks>
[Flags]
internal enum Proposals
{
    /// <summary>None: every number means what it means on Linux.</summary>
    None = 0,

    /// <summary>vrange, by system call or, in its last posting, by advice.</summary>
    Vrange = 1 << 0,

    /// <summary>MADV_FREE as it was numbered in March 2014.</summary>
    MadvFree = 1 << 1,

    /// <summary>MADV_USERFAULT and remap_anon_pages.</summary>
    UserFault = 1 << 2,

    /// <summary>mvrange and fvrange, of the thread of April 2013; the numbers are this kernel's choice.</summary>
    FileVrange = 1 << 3,

    /// <summary>All of them.</summary>
    All = Vrange | MadvFree | UserFault | FileVrange,
}

/// <summary>What a number names.</summary>
internal enum NumberKind
{
    /// <summary>A system call: RAX.</summary>
    Syscall,

    /// <summary>The advice of madvise: RDX.</summary>
    Advice,
}

/// <summary>A number that a proposal claims, and that Linux gives another meaning or none.</summary>
/// <param name="Proposal">The family.</param>
/// <param name="Kind">What the number names.</param>
/// <param name="Number">The number.</param>
/// <param name="Proposed">What the proposal calls it.</param>
/// <param name="Linux">What Linux calls it; null when Linux has nothing of that number.</param>
/// <param name="Holds">True for the versions of the family that claim it.</param>
internal sealed record ProposalClaim(
    Proposals Proposal, NumberKind Kind, ulong Number, string Proposed, string? Linux, Predicate<KernelProfile> Holds);

/// <summary>The numbers that proposals claim, and for which programs the claims hold.</summary>
/// <remarks>
/// They hold for all programs of a run whose profile asks for the family (<see cref="ProfileSwitches.ProposedNumbers"/>), and for a program that
/// declares it. What the kernel does not have stands here too, so that no two families can ever be asked for with one number.
/// Source: [vrange v10 and v12, mvolatile v13, MADV_VOLATILE v14], [MADV_FREE RFC 2014], [userfault 2014]; [Linux syscall_64.tbl, mman-common.h].
/// </remarks>
internal static class ProposalTable
{
    /// <summary>The claims, by family and number.</summary>
    public static readonly IReadOnlyList<ProposalClaim> Claims =
    [
        new(Proposals.Vrange, NumberKind.Syscall, 314, "vrange", "sched_setattr", p => p.Vrange <= VrangeVersion.V10),
        new(Proposals.Vrange, NumberKind.Syscall, 316, "vrange", "renameat2", p => p.Vrange is VrangeVersion.V11 or VrangeVersion.V12),
        new(Proposals.Vrange, NumberKind.Syscall, 316, "mvolatile", "renameat2", p => p.Vrange == VrangeVersion.V13),
        new(Proposals.Vrange, NumberKind.Advice, 18, "MADV_VOLATILE", "MADV_WIPEONFORK", p => p.Vrange == VrangeVersion.V14),
        new(Proposals.Vrange, NumberKind.Advice, 19, "MADV_NONVOLATILE", "MADV_KEEPONFORK", p => p.Vrange == VrangeVersion.V14),
        new(Proposals.MadvFree, NumberKind.Advice, 5, "MADV_FREE", null, p => p.MadvFree == MadvFreeVersion.Rfc2014),
        new(Proposals.UserFault, NumberKind.Advice, 18, "MADV_USERFAULT", "MADV_WIPEONFORK", _ => true),
        new(Proposals.UserFault, NumberKind.Advice, 19, "MADV_NOUSERFAULT", "MADV_KEEPONFORK", _ => true),
        new(Proposals.UserFault, NumberKind.Syscall, 321, "remap_anon_pages", "bpf", _ => true),
        new(Proposals.FileVrange, NumberKind.Syscall, 315, "mvrange", "sched_getattr", _ => true),
        new(Proposals.FileVrange, NumberKind.Syscall, 320, "fvrange", "kexec_file_load", _ => true),
    ];

    private static readonly Proposals[] Families = [Proposals.Vrange, Proposals.MadvFree, Proposals.UserFault, Proposals.FileVrange];

    /// <summary>The families that <paramref name="profile"/> asks for, whatever a program declares.</summary>
    public static Proposals AskedBy(KernelProfile profile) =>
        (profile.Has(ProfileSwitches.VrangeNumbers) ? Proposals.Vrange : Proposals.None)
        | (profile.Has(ProfileSwitches.MadvFreeNumber) ? Proposals.MadvFree : Proposals.None)
        | (profile.Has(ProfileSwitches.UserFaultNumbers) ? Proposals.UserFault : Proposals.None)
        | (profile.Has(ProfileSwitches.FileVrangeNumbers) ? Proposals.FileVrange : Proposals.None);

    /// <summary>What numbers mean to a program that declares <paramref name="declared"/>.</summary>
    /// <remarks>A declaration gives way to the profile: a declared family that claims a number already taken is left out as a whole.</remarks>
    public static NumberMeanings InForce(KernelProfile profile, Proposals declared)
    {
        Proposals asked = AskedBy(profile);
        List<ProposalClaim> held = Of(profile, asked);
        foreach (Proposals family in Families)
        {
            List<ProposalClaim> more = Of(profile, declared & family & ~asked);
            if (more.Count > 0 && !TryFindClash([.. held, .. more], out _, out _))
            {
                held.AddRange(more);
            }
        }

        return held.Count == 0 ? NumberMeanings.Linux : new NumberMeanings([.. held]);
    }

    /// <summary>Two claims on one number that <paramref name="profile"/> asks for; false when there are none.</summary>
    public static bool TryFindClash(KernelProfile profile, [NotNullWhen(true)] out ProposalClaim? first, [NotNullWhen(true)] out ProposalClaim? second) =>
        TryFindClash(Of(profile, AskedBy(profile)), out first, out second);

    /// <summary>The claim that <paramref name="profile"/>'s versions make on a number, whether or not it is in force; null for none.</summary>
    public static ProposalClaim? Find(KernelProfile profile, NumberKind kind, ulong number)
    {
        foreach (ProposalClaim claim in Claims)
        {
            if (claim.Kind == kind && claim.Number == number && claim.Holds(profile))
            {
                return claim;
            }
        }

        return null;
    }

    private static List<ProposalClaim> Of(KernelProfile profile, Proposals families)
    {
        List<ProposalClaim> found = [];
        foreach (ProposalClaim claim in Claims)
        {
            if ((claim.Proposal & families) != 0 && claim.Holds(profile))
            {
                found.Add(claim);
            }
        }

        return found;
    }

    private static bool TryFindClash(List<ProposalClaim> claims, [NotNullWhen(true)] out ProposalClaim? first, [NotNullWhen(true)] out ProposalClaim? second)
    {
        for (int i = 0; i < claims.Count; i++)
        {
            for (int j = i + 1; j < claims.Count; j++)
            {
                if (claims[i].Kind == claims[j].Kind && claims[i].Number == claims[j].Number)
                {
                    (first, second) = (claims[i], claims[j]);
                    return true;
                }
            }
        }

        (first, second) = (null, null);
        return false;
    }
}
