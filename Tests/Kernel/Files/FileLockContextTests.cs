using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.State;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>Locks on ranges against a table with a cell for each byte and each owner.</summary>
public sealed class FileLockContextTests
{
    private const int Bytes = 40;
    private const int Owners = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_sequence_leaves_each_byte_as_a_table_of_bytes_has_it(int seed)
    {
        Random random = new(seed);
        FileLockContext context = new();
        OpenFile[] files = [.. Enumerable.Range(0, Owners).Select(_ => NewFile())];
        FileLockMode[,] table = Nothing();
        (object State, FileLockMode[,] Table)? saved = null;
        for (int step = 0; step < 3000; step++)
        {
            int owner = random.Next(Owners);
            int first = random.Next(Bytes);
            int last = random.Next(4) == 0 ? Bytes - 1 : random.Next(first, Bytes);
            FileLockMode mode = (FileLockMode)random.Next(3);
            FileLock request = Record(files[owner], mode, first, last);

            bool taken = context.TryTake(request) is null;

            taken.ShouldBe(mode == FileLockMode.None || !Excluded(table, owner, mode, first, last), $"step {step}");
            for (int i = first; taken && i <= last; i++)
            {
                table[owner, i] = mode;
            }

            Check(context, files, table, step);
            if (random.Next(50) == 0)
            {
                int gone = random.Next(Owners);
                context.Drop(files[gone]);
                for (int i = 0; i < Bytes; i++)
                {
                    table[gone, i] = FileLockMode.None;
                }
            }

            if (step == 1000)
            {
                saved = (((IStateful)context).Save(null), (FileLockMode[,])table.Clone());
            }
        }

        ((IStateful)context).Restore(saved!.Value.State);
        Check(context, files, saved.Value.Table, -1);
    }

    [Fact]
    public void What_is_not_changed_is_not_saved_anew()
    {
        FileLockContext context = new();
        OpenFile file = NewFile();
        context.TryTake(Record(file, FileLockMode.Write, 1, 2));
        (FileLock[] Flocks, FileLock[] Records) before = ((FileLock[], FileLock[]))((IStateful)context).Save(null);
        context.TryTake(new FileLock(FileLockKind.Flock, file, file, 7, FileLockMode.Read));

        (FileLock[] Flocks, FileLock[] Records) after = ((FileLock[], FileLock[]))((IStateful)context).Save(before);

        after.Records.ShouldBeSameAs(before.Records);
        after.Flocks.ShouldHaveSingleItem().Mode.ShouldBe(FileLockMode.Read);
    }

    [Fact]
    public void A_lock_keeps_its_age_while_it_grows_or_shrinks_and_what_is_split_off_is_young()
    {
        FileLockContext context = new();
        OpenFile file = NewFile();
        context.TryTake(Record(file, FileLockMode.Write, 10, 29) with { Order = 1 });
        context.TryTake(Record(file, FileLockMode.Write, 30, 38) with { Order = 2 });
        context.TryTake(Record(file, FileLockMode.None, 15, 19) with { Order = 3 });

        context.All.Select(held => (held.First, held.Last, held.Order)).ShouldBe([(10UL, 14UL, 3UL), (20UL, 38UL, 1UL)]);
    }

    private static FileLockMode[,] Nothing()
    {
        FileLockMode[,] table = new FileLockMode[Owners, Bytes];
        for (int owner = 0; owner < Owners; owner++)
        {
            for (int i = 0; i < Bytes; i++)
            {
                table[owner, i] = FileLockMode.None;
            }
        }

        return table;
    }

    private static OpenFile NewFile() => new(new Inode(1, InodeKind.Regular, 0x1B6), OpenFlags.ReadWrite, "file");

    private static FileLock Record(OpenFile file, FileLockMode mode, int first, int last) => new(FileLockKind.Description, file, file, 7, mode)
    {
        First = (ulong)first,
        Last = last == Bytes - 1 ? FileLock.MaxOffset : (ulong)last,
    };

    private static bool Excluded(FileLockMode[,] table, int owner, FileLockMode mode, int first, int last) => Enumerable.Range(0, Owners).Any(other =>
        other != owner && Enumerable.Range(first, last - first + 1).Any(i =>
            table[other, i] == FileLockMode.Write || (table[other, i] == FileLockMode.Read && mode == FileLockMode.Write)));

    /// <summary>The same bytes, each owner's locks in order and as few as can be.</summary>
    private static void Check(FileLockContext context, OpenFile[] files, FileLockMode[,] table, int step)
    {
        for (int owner = 0; owner < Owners; owner++)
        {
            FileLock[] held = [.. context.All.Where(one => one.Owner == files[owner])];
            for (int i = 0; i < Bytes; i++)
            {
                FileLock? of = held.SingleOrDefault(one => one.First <= (ulong)i && one.Last >= (ulong)i);
                (of?.Mode ?? FileLockMode.None).ShouldBe(table[owner, i], $"step {step}, owner {owner}, byte {i}");
            }

            for (int i = 1; i < held.Length; i++)
            {
                bool needed = held[i - 1].Last + 1 < held[i].First || (held[i - 1].Last + 1 == held[i].First && held[i - 1].Mode != held[i].Mode);
                needed.ShouldBeTrue($"step {step}: {held[i - 1].Last} and {held[i].First}");
            }
        }
    }
}
