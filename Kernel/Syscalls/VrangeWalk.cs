using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Goes over what a call of vrange names: addresses, or the mappings there.</summary>
/// <remarks>
/// Holes are not looked for in v7, skipped and counted in v8 to v10 (V-044), and end the call in v11 to v13 (V-048). A mapping that is locked, huge
/// or special ends the call in all that look (V-051, V-052), and so does a file in v11 to v13 (V-054). The count is 0 when the first mapping is such a one.
/// </remarks>
/// <param name="purge">Who keeps the ranges.</param>
/// <param name="space">The address space.</param>
internal sealed class VrangeWalk(IVolatilePurge purge, AddressSpace space)
{
    private const VmFlags Refused = VmFlags.Locked | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlagsOps.Special;

    /// <summary>Marks or unmarks; <paramref name="purged"/> tells whether some of what is unmarked was lost.</summary>
    /// <returns>Bytes done; an errno when the first mapping is refused.</returns>
    public SysResult Run(in VrangeArgs args, out bool purged)
    {
        purged = false;
        VirtRange rest = VirtRange.Of(args.Start, args.LengthBytes);
        if (purge.Traits.Holes == HoleRule.NotAsked)
        {
            Refusal wrong = Apply(null, rest, args, ref purged);
            return wrong == Refusal.None ? SysResult.Of(args.LengthBytes) : SysResult.Of(wrong);
        }

        ulong done = 0;
        Refusal failed = Refusal.None;
        while (!rest.IsEmpty && space.Vmas.FindAtOrAbove(rest.Start) is { } vma && IsInReach(vma, rest) && !vma.Flags.HasAny(Refused))
        {
            VirtRange part = rest.Intersect(vma.Range);
            failed = WhyNot(vma, rest);
            failed = failed == Refusal.None ? Apply(vma, part, args, ref purged) : failed;
            if (failed != Refusal.None)
            {
                break;
            }

            rest = rest with { Start = part.End };
            done = rest.Start.Raw - args.Start.Raw;
        }

        return done == 0 && failed != Refusal.None ? SysResult.Of(failed) : SysResult.Of(done);
    }

    /// <summary>Where holes end the call, a mapping behind the request is as good as a hole.</summary>
    private bool IsInReach(Vma vma, VirtRange rest) => vma.Start.Raw < rest.End.Raw || purge.Traits.Holes == HoleRule.Ends;

    private Refusal WhyNot(Vma vma, VirtRange rest) => purge.Traits.Holes switch
    {
        HoleRule.Ends when vma.Backing is not null => new Refusal(Errno.EINVAL, ErrnoCause.MappingHasFile),
        HoleRule.Ends when vma.Start.Raw > rest.Start.Raw => new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped),
        _ => Refusal.None,
    };

    /// <summary>Marks or unmarks one part: of the file where <paramref name="vma"/> shares one, else of the space (V-110, V-111).</summary>
    private Refusal Apply(Vma? vma, VirtRange part, in VrangeArgs args, ref bool purged)
    {
        if (args.Mode is not (VrangeMode.Volatile or VrangeMode.NonVolatile))
        {
            return Refusal.None;
        }

        bool met;
        Refusal failed = vma is { Backing: { } file } && vma.Has(VmFlags.MayShare)
            ? VolatileMarks.OfFile(purge.RangesOf(file), vma, part, args.Mode, out met)
            : VolatileMarks.OfSpace(space.Volatile ?? purge.RangesOf(space), part, args.Mode, out met, args.IsPartial && !purge.Traits.Has(VrangeQuirks.PartialIsFull));
        purged = met || (purged && (args.Mode == VrangeMode.Volatile || !purge.Traits.Has(VrangeQuirks.LastMappingReports)));
        return failed;
    }
}
