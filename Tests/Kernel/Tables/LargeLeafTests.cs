using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Tables;

public sealed class LargeLeafTests
{
    public static TheoryData<PagingLevel, PageSize, ulong> Places => new()
    {
        { PagingLevel.Pml4, PageSize.Size4K, 0x0000_7F12_3456_7000 },
        { PagingLevel.Pml4, PageSize.Size2M, 0x0000_7F12_3440_0000 },
        { PagingLevel.Pml4, PageSize.Size1G, 0x0000_7F12_4000_0000 },
        { PagingLevel.Pml5, PageSize.Size4K, 0x00AB_7F12_3456_7000 },
        { PagingLevel.Pml5, PageSize.Size2M, 0x00AB_7F12_3440_0000 },
        { PagingLevel.Pml5, PageSize.Size1G, 0x00AB_7F12_4000_0000 },
        { PagingLevel.Pml4, PageSize.Size2M, 0xFFFF_8012_3440_0000 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void The_processor_translates_what_the_cursor_made_and_the_cursor_sees_its_bits(PagingLevel top, PageSize size, ulong address)
    {
        // Given a leaf of any size
        using LargeTables tables = new(top);
        tables.Put(address, size, LargeTables.Leaf(3, size)).ShouldBe(Descent.Found);
        ulong last = address + size.Bytes() - 1;

        // When user code reads its first byte and writes its last
        tables.Mmu.TryTranslate(An.UserRead(address), out Translated first, out _).ShouldBeTrue();
        PteBits read = Bits(tables, address, size);
        tables.Mmu.TryTranslate(An.UserWrite(last), out Translated end, out _).ShouldBeTrue();

        // Then the frames are those of the leaf, and A and D show in the one entry
        first.Address.ShouldBe(new PhysAddr(3UL << size.Shift()));
        end.Address.ShouldBe(new PhysAddr((4UL << size.Shift()) - 1));
        read.ShouldBe(PteBits.A);
        Bits(tables, last, size).ShouldBe(PteBits.A | PteBits.D);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Taking_a_leaf_away_flushes_all_of_it_by_one_invalidation(PagingLevel top, PageSize size, ulong address)
    {
        using LargeTables tables = new(top);
        tables.Put(address, size, LargeTables.Leaf(3, size)).ShouldBe(Descent.Found);
        ulong[] inside = [address, address + (size.Bytes() / 2), address + size.Bytes() - 1];
        foreach (ulong at in inside)
        {
            tables.Mmu.TryTranslate(An.UserRead(at), out _, out _).ShouldBeTrue();
        }

        tables.Put(address, size, Pte.None).ShouldBe(Descent.Found);

        FlushRequest flush = tables.Flushes.ShouldHaveSingleItem();
        (flush.Scope, flush.Stride, flush.Range.Start.Raw, flush.Range.LengthBytes).ShouldBe((FlushScope.Pages, size, address, size.Bytes()));
        foreach (ulong at in inside)
        {
            tables.Mmu.TryTranslate(An.UserRead(at), out _, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Sizes_lie_side_by_side_and_each_is_met_as_what_it_is()
    {
        using LargeTables tables = new();
        (ulong Address, PageSize Size)[] pages =
        [
            (0x3FFF_F000, PageSize.Size4K), (0x4000_0000, PageSize.Size1G), (0x8000_0000, PageSize.Size4K),
            (0x8020_0000, PageSize.Size2M), (0x8040_0000, PageSize.Size4K), (0xC000_0000, PageSize.Size2M),
        ];
        foreach ((ulong address, PageSize size) in pages)
        {
            tables.Put(address, size, LargeTables.Leaf(1, size)).ShouldBe(Descent.Found);
        }

        List<(ulong, PageSize)> met = [];
        TableCursor cursor = tables.Over(0, 1UL << 47);
        while (cursor.MoveNext())
        {
            met.Add((cursor.Address.Raw, cursor.Current.Size));
        }

        met.ShouldBe(pages);
    }

    [Fact]
    public void Who_wants_another_size_than_is_there_is_told_so()
    {
        using LargeTables tables = new();
        tables.Put(0x4000_0000, PageSize.Size1G, LargeTables.Leaf(1, PageSize.Size1G)).ShouldBe(Descent.Found);
        tables.Put(0x8000_0000, PageSize.Size4K, LargeTables.Leaf(1, PageSize.Size4K)).ShouldBe(Descent.Found);

        tables.Put(0x4123_4000, PageSize.Size4K, Pte.None).ShouldBe(Descent.Larger);
        tables.Put(0x8000_0000, PageSize.Size2M, Pte.None).ShouldBe(Descent.Smaller);
        tables.Editor.FindPte(tables.Root, new VirtAddr(0x4123_4000), out _).ShouldBe(Descent.Larger);
        tables.Editor.FindPte(tables.Root, new VirtAddr(0x1_0000_0000), out _).ShouldBe(Descent.NoTable);
        tables.Editor.Find(tables.Root, new VirtAddr(0x4123_4000)).Entry.ShouldBe(LargeTables.Leaf(1, PageSize.Size1G));
    }

    [Fact]
    public void When_memory_is_out_the_tables_made_so_far_stay_and_can_be_freed()
    {
        using LargeTables tables = new() { Budget = 2 };

        tables.Put(0x4000_0000, PageSize.Size4K, LargeTables.Leaf(1, PageSize.Size4K)).ShouldBe(Descent.NoTable);

        tables.TableCount.ShouldBe(3UL);
        tables.Free(0, 1UL << 47).ShouldBe(2UL);
        tables.TableCount.ShouldBe(1UL);
    }

    [Fact]
    public void A_table_with_a_leaf_in_it_is_not_freed()
    {
        using LargeTables tables = new();
        tables.Put(0x4000_0000, PageSize.Size4K, Pte.None).ShouldBe(Descent.Found);
        tables.Put(0x4020_0000, PageSize.Size2M, LargeTables.Leaf(1, PageSize.Size2M)).ShouldBe(Descent.Found);

        tables.Free(0, 1UL << 47).ShouldBe(1UL, "the empty page table; the directory holds the leaf");

        tables.Mmu.TryTranslate(An.UserRead(0x4020_0000), out _, out _).ShouldBeTrue();
    }

    private static PteBits Bits(LargeTables tables, ulong address, PageSize size)
    {
        TableCursor cursor = tables.Over(0, 0);
        cursor.Seek(new VirtAddr(address), size).ShouldBe(Descent.Found);
        return (PteBits)cursor.Entry.Raw & (PteBits.A | PteBits.D);
    }
}
