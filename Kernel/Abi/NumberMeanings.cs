namespace MmuEmu.Kernel.Abi;

/// <summary>What numbers mean to one program: Linux's meaning, but for the claims of proposals that are in force. It never changes.</summary>
/// <param name="claims">The claims in force, no two of them on one number.</param>
internal sealed class NumberMeanings(ProposalClaim[] claims)
{
    /// <summary>Every number means what it means on Linux.</summary>
    public static NumberMeanings Linux { get; } = new([]);

    /// <summary>No claim is in force.</summary>
    public bool IsLinux => claims.Length == 0;

    /// <summary>The families that have a claim in force.</summary>
    public Proposals InForce
    {
        get
        {
            Proposals families = Proposals.None;
            foreach (ProposalClaim claim in claims)
            {
                families |= claim.Proposal;
            }

            return families;
        }
    }

    /// <summary>The claim in force on a number; null where Linux's meaning holds.</summary>
    public ProposalClaim? Find(NumberKind kind, ulong number)
    {
        foreach (ProposalClaim claim in claims)
        {
            if (claim.Number == number && claim.Kind == kind)
            {
                return claim;
            }
        }

        return null;
    }

    /// <summary>What the advice <paramref name="number"/> of madvise asks for; an undefined value for a number that means nothing.</summary>
    public Advice AdviceOf(int number)
    {
        const int Unknown = -1;
        Proposals claimant = Find(NumberKind.Advice, unchecked((ulong)number))?.Proposal ?? Proposals.None;
        return (claimant, number) switch
        {
            (Proposals.MadvFree, 5) => Advice.FreeRfc2014,
            (Proposals.UserFault, 18) => Advice.UserFault,
            (Proposals.UserFault, 19) => Advice.NoUserFault,
            (Proposals.Vrange, 18) => Advice.Volatile,
            (Proposals.Vrange, 19) => Advice.NonVolatile,
            (Proposals.None, >= 0 and < (int)Advice.FirstProposed) => (Advice)number,
            _ => (Advice)Unknown,
        };
    }
}
