using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Kernel.Tables;

public sealed class TableCursorRandomTests
{
    /// <summary>Places in a table that show its borders, and a neighbour.</summary>
    private static readonly ulong[] Corners = [0, 1, 2, 511];

    [Theory]
    [InlineData(PagingLevel.Pml4, 1)]
    [InlineData(PagingLevel.Pml4, 2)]
    [InlineData(PagingLevel.Pml4, 3)]
    [InlineData(PagingLevel.Pml5, 4)]
    [InlineData(PagingLevel.Pml5, 5)]
    public void Any_order_of_makes_reads_writes_and_frees_gives_what_a_dictionary_gives(PagingLevel top, int seed)
    {
        Random random = new(seed);
        using LargeTables tables = new(top);
        PageOracle oracle = new(top);
        for (int step = 0; step < 3000; step++)
        {
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    Put(random, tables, oracle, $"step {step}");
                    break;
                case 3 or 4:
                    Rewrite(random, tables, oracle);
                    break;
                case 5:
                    Free(random, tables, oracle, $"step {step}");
                    break;
                case 6:
                    ulong at = Address(random, top);
                    tables.Editor.Find(tables.Root, new VirtAddr(at)).Entry.ShouldBe(oracle.At(at), $"step {step}");
                    break;
                default:
                    StepOver(random, tables, oracle, $"step {step}");
                    break;
            }

            tables.TableCount.ShouldBe((ulong)oracle.TableCount + 1, $"step {step}: tables, and the root");
        }

        Empty(tables, oracle, top);
    }

    private static void Put(Random random, LargeTables tables, PageOracle oracle, string step)
    {
        PageSize size = (PageSize)(1 + random.Next(3));
        ulong address = Address(random, tables.Root.Level) & ~(size.Bytes() - 1);
        Pte entry = AnyEntry(random, size);
        Descent met = oracle.Make(address, size);

        tables.Put(address, size, entry).ShouldBe(met, step);

        if (met == Descent.Found)
        {
            oracle.Put(address, size, entry);
        }
    }

    /// <summary>Takes the cursor to an entry that is there, and changes or clears it.</summary>
    private static void Rewrite(Random random, LargeTables tables, PageOracle oracle)
    {
        if (oracle.Pages.Count == 0)
        {
            return;
        }

        (ulong address, PageSize size) = oracle.Pages[random.Next(oracle.Pages.Count)];
        ulong inside = address + ((ulong)random.NextInt64((long)size.Bytes()) & ~0xFFFUL);
        TableCursor cursor = tables.Over(0, 0);
        cursor.Seek(new VirtAddr(inside), size).ShouldBe(Descent.Found);
        (cursor.Address.Raw, cursor.Current.Size, cursor.Entry).ShouldBe((address, size, oracle.At(address)));
        cursor.TryPte(out _).ShouldBe(size == PageSize.Size4K);

        Pte entry = random.Next(2) == 0 ? Pte.None : AnyEntry(random, size);
        using TlbGather gather = tables.Gather();
        tables.Editor.Write(cursor.Current, entry, gather).ShouldBe(oracle.At(address));
        oracle.Put(address, size, entry);
    }

    private static void Free(Random random, LargeTables tables, PageOracle oracle, string step)
    {
        VirtRange room = AnyRange(random, tables.Root.Level);
        tables.Free(room.Start.Raw, room.End.Raw).ShouldBe((ulong)oracle.Free(room), step);
    }

    /// <summary>Steps meet every entry once, holes and entries lie side by side without a gap, and holes hold nothing.</summary>
    private static void StepOver(Random random, LargeTables tables, PageOracle oracle, string step)
    {
        VirtRange range = AnyRange(random, tables.Root.Level);
        List<(ulong, PageSize, Pte)> met = [];
        TableCursor cursor = tables.Editor.Over(tables.Root, range);
        while (cursor.MoveNext())
        {
            met.Add((cursor.Address.Raw, cursor.Current.Size, cursor.Entry));
        }

        met.ShouldBe(oracle.In(range), step);

        // Single steps tile the range; from one used entry to the next, so that a wide range stays short.
        TableCursor steps = tables.Editor.Over(tables.Root, range);
        ulong? end = null;
        for (int count = 0; count < 1000 && steps.Step(); count++)
        {
            steps.Address.Raw.ShouldBe(end ?? steps.Address.Raw, step);
            end = steps.Current.Range.End.Raw;
            steps.Entry.ShouldBe(oracle.At(steps.Address.Raw), step);
        }

        TableCursor holes = tables.Editor.Over(tables.Root, range);
        for (int count = 0; count < 200 && holes.MoveNextHole(); count++)
        {
            oracle.In(holes.Current.Range).ShouldBeEmpty(step);
        }
    }

    private static void Empty(LargeTables tables, PageOracle oracle, PagingLevel top)
    {
        foreach ((ulong address, PageSize size) in oracle.Pages)
        {
            tables.Put(address, size, Pte.None).ShouldBe(Descent.Found);
        }

        ulong end = 1UL << (top.Shift() + 8);
        tables.Free(0, end).ShouldBe((ulong)oracle.TableCount);
        tables.TableCount.ShouldBe(1UL, "only the root is left");
        tables.Over(0, end).MoveNext().ShouldBeFalse();
    }

    private static Pte AnyEntry(Random random, PageSize size) => random.Next(4) switch
    {
        0 => new Pte((ulong)random.Next(1, 1 << 20) << 9),
        1 => LargeTables.Leaf((ulong)random.Next(1, 64), size, PteBits.P | PteBits.US),
        _ => LargeTables.Leaf((ulong)random.Next(1, 64), size),
    };

    private static ulong Address(Random random, PagingLevel top)
    {
        ulong address = 0;
        for (PagingLevel level = PagingLevel.Pt; level <= top; level++)
        {
            ulong corner = Corners[random.Next(Corners.Length)];
            address |= (level == top ? Math.Min(corner, 255) : corner) << level.Shift();
        }

        return address;
    }

    private static VirtRange AnyRange(Random random, PagingLevel top)
    {
        ulong span = 1UL << (12 + (9 * random.Next(1, (int)top)));
        ulong start = Address(random, top) & ~(random.Next(2) == 0 ? span - 1 : 0xFFF);
        return new VirtRange(new VirtAddr(start), new VirtAddr(start + (span * (ulong)random.Next(1, 5))));
    }
}
