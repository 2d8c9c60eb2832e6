using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Tests.Kernel.Abi;

/// <summary>Which numbers proposals claim, and which of them can be had together.</summary>
public sealed class ProposalTableTests
{
    [Fact]
    public void Two_families_that_claim_one_number_are_refused_together()
    {
        (VrangeVersion Vrange, ulong Number)[] refused =
            [.. Enum.GetValues<VrangeVersion>().Select(Refused).OfType<(VrangeVersion, ulong)>()];

        refused.ShouldBe([(VrangeVersion.V14, 18UL)]);

        static (VrangeVersion, ulong)? Refused(VrangeVersion version)
        {
            KernelProfile profile = new() { Vrange = version, Switches = ProfileSwitches.ProposedNumbers };
            bool built = KernelBuilder.TryBuild(new KernelOptions { Program = "/nowhere", Profile = profile }, out _, out BootFailure? failure);
            built.ShouldBeFalse();
            return failure!.Kind == BootFailureKind.NumberClaimedTwice ? (version, failure.Found[0]) : null;
        }
    }

    [Fact]
    public void Every_clash_of_the_table_is_refused_whatever_the_versions()
    {
        foreach (ProposalClaim one in ProposalTable.Claims)
        {
            foreach (ProposalClaim other in ProposalTable.Claims.Where(o => o.Proposal != one.Proposal && (o.Kind, o.Number) == (one.Kind, one.Number)))
            {
                KernelProfile[] both = [.. Profiles().Where(profile => one.Holds(profile) && other.Holds(profile))];

                both.ShouldNotBeEmpty();
                both.Count(Clashes).ShouldBe(both.Length);
            }
        }

        static bool Clashes(KernelProfile profile) => ProposalTable.TryFindClash(profile, out _, out _);

        static IEnumerable<KernelProfile> Profiles() =>
            from vrange in Enum.GetValues<VrangeVersion>()
            from free in Enum.GetValues<MadvFreeVersion>()
            from fault in Enum.GetValues<UserFaultVersion>()
            select new KernelProfile { Vrange = vrange, MadvFree = free, UserFault = fault, Switches = ProfileSwitches.ProposedNumbers };
    }

    [Fact]
    public void A_declaration_gives_way_to_what_the_profile_asks_for()
    {
        KernelProfile profile = new() { Vrange = VrangeVersion.V14, Switches = ProfileSwitches.VrangeNumbers };

        ProposalTable.InForce(profile, Proposals.All).InForce.ShouldBe(Proposals.Vrange | Proposals.MadvFree | Proposals.FileVrange);
    }

    [Fact]
    public void The_table_of_claims_and_that_of_calls_agree()
    {
        foreach (ProposalClaim claim in ProposalTable.Claims.Where(claim => claim.Kind == NumberKind.Syscall))
        {
            (SyscallTable.Find(claim.Number)?.Name ?? claim.Linux).ShouldBe(claim.Linux);
        }

        foreach (SyscallRow row in SyscallTable.Proposed)
        {
            ProposalTable.Claims.Count(claim => (claim.Kind, claim.Number) == (NumberKind.Syscall, row.Number)
                && (claim.Proposed, claim.Proposal) == (row.Name, row.Proposal)).ShouldBe(1, row.Name);
            SyscallTable.Find(row.Name).ShouldNotBeNull().Handler.ShouldBe(row.Handler);
            SyscallTable.NameOf(row.Id).ShouldBe(row.Name);
        }
    }

    [Fact]
    public void Linux_has_no_advice_beyond_its_own_numbers()
    {
        NumberMeanings.Linux.AdviceOf((int)Advice.UserFault).ShouldBe((Advice)(-1));
        NumberMeanings.Linux.AdviceOf(int.MinValue).ShouldBe((Advice)(-1));
        NumberMeanings.Linux.AdviceOf(18).ShouldBe(Advice.WipeOnFork);
    }
}
