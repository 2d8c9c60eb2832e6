using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Vmas;

public sealed class VmaTreeTests
{
    private const ulong Base = 0x10_0000_0000;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void Mappings_are_the_runs_of_equal_pages_whatever_was_cut_and_joined(int seed)
    {
        // A colouring of pages is the oracle: a mapping is a longest run of pages of the same colour. Memory that was
        // writable once stays accounted, and accounted memory does not join unaccounted.
        using MmHarness mm = new();
        Random random = new(seed);
        Colour?[] colours = new Colour?[100];
        for (int step = 0; step < 2000; step++)
        {
            int page = random.Next(100);
            int count = random.Next(1, Math.Min(15, 100 - page) + 1);
            Prot prot = (Prot)random.Next(4);
            VirtAddr at = new(Base + ((ulong)page << 12));
            switch (random.Next(3))
            {
                case 0:
                    mm.Map((ulong)count, prot, at.Raw);
                    Array.Fill(colours, new Colour(prot, prot.HasFlag(Prot.Write)), page, count);
                    break;
                case 1:
                    Unmap.Range(mm.Mem, mm.Space, at, (ulong)count << 12);
                    Array.Fill(colours, null, page, count);
                    break;
                default:
                    if (Array.TrueForAll(colours[page..(page + count)], c => c is not null))
                    {
                        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(at, (ulong)count << 12, prot)).ShouldBe(Errno.None);
                        for (int i = page; i < page + count; i++)
                        {
                            colours[i] = new Colour(prot, colours[i]!.Value.Accounted || prot.HasFlag(Prot.Write));
                        }
                    }

                    break;
            }

            mm.Space.Vmas.Select(v => (v.Range, v.Flags.ToProt())).ShouldBe(Runs(colours));
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public void A_search_that_remembers_the_last_one_finds_what_a_search_from_the_top_finds(int seed)
    {
        using MmHarness mm = new();
        VmaTree tree = mm.Space.Vmas;
        Random random = new(seed);
        ulong lowest = mm.Space.MmapTop.Raw - (400UL << 12);
        for (int step = 0; step < 6000; step++)
        {
            ulong pages = (ulong)random.Next(1, 6);
            VirtAddr somewhere = new(lowest + ((ulong)random.Next(395) << 12));
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    mm.Map(pages, (Prot)random.Next(4));
                    break;
                case 3:
                    mm.Map(pages, (Prot)random.Next(4), somewhere.Raw);
                    break;
                case 4 or 5 or 6:
                    Unmap.Range(mm.Mem, mm.Space, somewhere, pages << 12);
                    break;
                default:
                    Protect.Change(mm.Mem, mm.Space, new ProtectRequest(somewhere, pages << 12, (Prot)random.Next(4)));
                    break;
            }

            foreach (ulong length in (ulong[])[4096, 4 * 4096, 9 * 4096])
            {
                FreeHint hint = tree.Free;
                Placement.Search(mm.Space, length).Ok(out VirtAddr remembered, out _).ShouldBeTrue();
                tree.Free = default;
                Placement.Search(mm.Space, length).Ok(out VirtAddr found, out _).ShouldBeTrue();
                remembered.ShouldBe(found, $"step {step}, {hint}");
                tree.Free = hint;
            }
        }
    }

    [Fact]
    public void Look_up_finds_the_mapping_or_the_next_one()
    {
        using MmHarness mm = new();
        VirtAddr low = mm.Map(2, at: Base);
        VirtAddr high = mm.Map(2, at: Base + 0x10_0000);
        VmaTree tree = mm.Space.Vmas;

        tree.Find(low + 0x1FFF)!.Start.ShouldBe(low);
        tree.Find(low + 0x2000).ShouldBeNull();
        tree.FindAtOrAbove(low + 0x2000)!.Start.ShouldBe(high);
        tree.FindAtOrAbove(high + 0x2000).ShouldBeNull();
        tree.Before(tree.Find(high)!)!.Start.ShouldBe(low);
        tree.After(tree.Find(high)!).ShouldBeNull();
        tree.TotalBytes.ShouldBe(4UL * 4096);
    }

    [Fact]
    public void A_space_with_all_the_mappings_it_may_have_refuses_to_be_cut()
    {
        using MmHarness mm = new();
        mm.Space.Limits = new SpaceLimits { MapCount = 2 };
        VirtAddr start = mm.Map(8, at: Base);

        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(start + 4096, 4096, Prot.Read)).ShouldBe(Errno.ENOMEM);
        Unmap.Range(mm.Mem, mm.Space, start + 4096, 4096).ShouldBe(Errno.ENOMEM);

        mm.Space.Vmas.Count.ShouldBe(1, "the half-made cut is joined again");
        mm.Write(start + 4096, 1);
    }

    private static IEnumerable<(VirtRange Range, Prot Prot)> Runs(Colour?[] colours)
    {
        for (int start = 0; start < colours.Length;)
        {
            int end = start + 1;
            while (end < colours.Length && colours[end] == colours[start])
            {
                end++;
            }

            if (colours[start] is { } colour)
            {
                yield return (new VirtRange(new VirtAddr(Base + ((ulong)start << 12)), new VirtAddr(Base + ((ulong)end << 12))), colour.Prot);
            }

            start = end;
        }
    }

    private readonly record struct Colour(Prot Prot, bool Accounted);
}
