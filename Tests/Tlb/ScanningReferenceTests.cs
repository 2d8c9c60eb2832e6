using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Tlb;

/// <summary>The caches beside a reference that scans: who is found, who is evicted, who leaves, and what the look-aside is told.</summary>
public sealed class ScanningReferenceTests
{
    private static readonly Dictionary<string, (TlbMode Mode, TlbGeometry Geometry)> Machines = new()
    {
        ["nothing"] = (TlbMode.NoCache, TlbGeometry.Default),
        ["default"] = (TlbMode.Preset, TlbGeometry.Default),
        ["tiny"] = (TlbMode.Preset, TlbGeometries.Tiny),
        ["zen5"] = (TlbMode.Preset, TlbGeometries.Zen5),
        ["golden cove"] = (TlbMode.Preset, TlbGeometries.GoldenCove),
        ["small pages"] = (TlbMode.Preset, SmallPages),
        ["mixed"] = (TlbMode.Preset, Mixed),
        ["endless"] = (TlbMode.MaxStale, TlbGeometry.Default),
    };

    /// <summary>Arrays for 4 KiB pages alone: all larger pages are there in pieces.</summary>
    private static TlbGeometry SmallPages => new()
    {
        Data = [TlbShape.Full(TlbSizes.Size4K, 24)],
        Code = [new(TlbSizes.Size4K, 16, 2, Replacement.TreePlru)],
        Second = [new(TlbSizes.Size4K, 96, 6, Replacement.TreePlru)],
        Psc = new(TlbShape.Full(TlbSizes.None, 3), default, TlbShape.Full(TlbSizes.None, 2), default),
    };

    /// <summary>Each level cuts other pages; one array is wide enough for another kind of recency, one level has none at all.</summary>
    private static TlbGeometry Mixed => new()
    {
        Data = [TlbShape.Full(TlbSizes.Size4K, 160), TlbShape.Full(TlbSizes.Size2M, 5)],
        Code = [],
        Second = [new(TlbSizes.Size4K, 32, 4, Replacement.Lru), TlbShape.Full(TlbSizes.Size1G, 2)],
        Psc = TlbGeometry.Default.Psc,
    };

    public static TheoryData<string, ulong> Runs
    {
        get
        {
            TheoryData<string, ulong> runs = [];
            foreach (string machine in Machines.Keys)
            {
                for (ulong seed = 1; seed <= 4; seed++)
                {
                    runs.Add(machine, seed);
                }
            }

            return runs;
        }
    }

    [Theory, MemberData(nameof(Runs)), Spec("T-020", "T-022", "T-024", "T-050")]
    public void Random_use_and_invalidation_go_as_in_a_reference_that_scans(string machine, ulong seed)
    {
        (TlbMode mode, TlbGeometry geometry) = Machines[machine];
        TlbPair pair = new(mode, geometry, seed);
        for (int step = 0; step < 6000; step++)
        {
            string what = pair.Step();

            pair.Real.ShouldBe(pair.Expected, $"step {step}: {what}");
            if (step % 50 == 0)
            {
                pair.ShouldHoldTheSame($"step {step}: {what}");
            }
        }

        pair.ShouldHoldTheSame("at the end");
    }

    [Fact]
    public void Filling_and_dropping_allocate_nothing()
    {
        TlbHierarchy tlb = new(TlbMode.Preset, SmallPages);
        FillAndDrop(tlb);
        long before = GC.GetAllocatedBytesForCurrentThread();

        FillAndDrop(tlb);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void FillAndDrop(TlbHierarchy tlb)
    {
        for (ulong page = 0; page < 300; page++)
        {
            VirtAddr address = new(page << 14);
            Leaf leaf = new(page % 2 == 0 ? PageSize.Size4K : PageSize.Size2M, Pte.Of(new Pfn(512), PteBits.P | PteBits.A), Rights.All);
            tlb.Fill(AccessKind.Read, address, TlbEntry.Of(leaf, address, default));
            tlb.Invalidate(page % 7 == 0 ? TlbInvalidation.PcidKeepGlobal(0) : TlbInvalidation.Page(address, 0));
        }
    }
}
