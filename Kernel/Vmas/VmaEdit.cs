using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Vmas;

/// <summary>Splits mappings at page borders and joins neighbours that no longer differ.</summary>
/// <remarks>Source: [Linux mm/mmap.c, __split_vma, can_vma_merge_before, can_vma_merge_after].</remarks>
internal static class VmaEdit
{
    /// <summary>Cuts <paramref name="vma"/> in two at <paramref name="at"/>, which lies strictly inside.</summary>
    /// <returns>The upper part; ENOMEM when the space has as many mappings as it may, or a fail point says so.</returns>
    public static Result<Vma> Split(Vma vma, VirtAddr at)
    {
        VmaTree tree = vma.Space.Vmas;
        if (tree.Count >= vma.Space.Limits.MapCount)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.TooManyMappings);
        }

        if (vma.Space.FailPoints?.Strikes(FailKind.Splits) == true)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.FailPoint);
        }

        Vma upper = new(vma.Space, new VirtRange(at, vma.End), vma.Flags)
        {
            Backing = vma.Backing,
            PgOff = vma.IndexOf(at),
            Label = vma.Label,
        };
        tree.Resize(vma, new VirtRange(vma.Start, at));
        tree.Insert(upper);
        if (vma.AnonVma is not null)
        {
            upper.Join(vma.AnonVma);
        }

        return upper;
    }

    /// <summary>Cuts so that mapping borders lie at both ends of <paramref name="range"/> where it meets mappings.</summary>
    /// <returns><see cref="Refusal.None"/>, or ENOMEM when the space has as many mappings as it may.</returns>
    public static Refusal Isolate(AddressSpace space, VirtRange range)
    {
        foreach (VirtAddr cut in (ReadOnlySpan<VirtAddr>)[range.Start, range.End])
        {
            if (space.Vmas.Find(cut) is { } vma && vma.Start != cut && !Split(vma, cut).Has(out _, out Refusal refusal))
            {
                return refusal;
            }
        }

        return Refusal.None;
    }

    /// <summary>True when a mapping with these properties, ending where <paramref name="upper"/> begins, may become part of it or it of them.</summary>
    public static bool CanJoin(Vma lower, Vma upper) =>
        lower.End == upper.Start
        && lower.Flags == upper.Flags
        && lower.Backing == upper.Backing
        && lower.Label == upper.Label
        && lower.PgOff + lower.Range.PageCount == upper.PgOff
        && (lower.AnonVma == upper.AnonVma || lower.AnonVma is null || upper.AnonVma is null);

    /// <summary>Joins every pair of neighbours that touch <paramref name="range"/>'s ends or lie inside and no longer differ.</summary>
    public static void Join(AddressSpace space, VirtRange range)
    {
        VmaTree tree = space.Vmas;
        int at = Math.Max(0, tree.IndexAtOrAbove(range.Start) - 1);
        while (at + 1 < tree.Count && tree[at].Start.Raw <= range.End.Raw)
        {
            (Vma lower, Vma upper) = (tree[at], tree[at + 1]);
            if (!CanJoin(lower, upper))
            {
                at++;
                continue;
            }

            VirtRange both = new(lower.Start, upper.End);
            AnonVma? family = lower.AnonVma ?? upper.AnonVma;
            tree.Remove(upper);
            tree.Resize(lower, both);
            if (lower.AnonVma is null && family is not null)
            {
                lower.Join(family);
            }
        }
    }
}
