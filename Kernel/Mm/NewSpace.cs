using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Makes an empty address space.</summary>
internal static class NewSpace
{
    /// <summary>A space with a root table and nothing mapped; ENOMEM when no frame or no PCID can be had.</summary>
    /// <remarks>Its PCID may have served another space long ago, so everything under it is flushed.</remarks>
    public static Result<AddressSpace> Create(MemorySystem mem)
    {
        if (mem.Editor.TryNewRoot() is not { } root)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
        }

        if (!mem.Numbers.TryNext(root.Pfn, mem.Spaces, out SpaceTag tag))
        {
            mem.Source.Release(root);
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoSpaceNumber);
        }

        AddressSpace space = new(tag) { FailPoints = mem.FailPoints, Meanings = ProposalTable.InForce(mem.Profile, Proposals.None) };
        space.Rss.Tables = 1;
        mem.Windows?.Tables.Install(root.Pfn);
        mem.Spaces.Add(space);
        mem.Gathers.Tlbs.Invalidate(new FlushRequest(space.Tag, default, FlushScope.Space));
        return space;
    }
}
