using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>The paging unit by itself.</summary>
internal static class MmuMeasures
{
    private const int Operations = 400_000;
    private const int Pages = 64;

    public static IEnumerable<Row> Run(int rounds)
    {
        using FlatTables tables = new(Pages);
        yield return new Row
        {
            Name = "page walk, 4 levels",
            Value = Median.NanosecondsPer(Operations, rounds, () => Walk(tables)),
            Unit = "ns",
            Target = new Target(Better.Lower, 40),
            Note = "PageWalker, 64 pages in turn, nothing cached",
        };

        Mmu mmu = new(tables.Ram, new MmuOptions()) { Mode = tables.Mode };
        yield return new Row
        {
            Name = "TLB hit with its whole record",
            Value = Median.NanosecondsPer(Operations, rounds, () => Translate(mmu, Pages / 2)),
            Unit = "ns",
            Note = "Mmu.TryTranslate, 32 pages in turn: recency, counters, outcome",
        };
        yield return LookAside(tables, rounds);
        yield return Allocation(tables, mmu);
    }

    private static Row Allocation(FlatTables tables, Mmu mmu)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Walk(tables);
        Translate(mmu, Pages);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return new Row
        {
            Name = "allocated per translation",
            Value = bytes / (2.0 * Operations),
            Unit = "B",
            Target = new Target(Better.Lower, 0),
            Note = "walks and look-ups together",
        };
    }

    /// <summary>What a load of a guest pays as a rule: the look-aside holds a part of what the TLB holds.</summary>
    private static unsafe Row LookAside(FlatTables tables, int rounds)
    {
        using Core core = new(tables.Ram, new MmuOptions());
        core.Mmu.Mode = tables.Mode;
        Vcpu vcpu = core.Vcpu;
        return new Row
        {
            Name = "TLB hit of a guest's load",
            Value = Median.NanosecondsPer(Operations, rounds, () => _ = Load(vcpu)),
            Unit = "ns",
            Target = new Target(Better.Lower, 3),
            Note = "Vcpu.Read, 32 pages in turn, the 8 bytes read too",
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe ulong Load(Vcpu vcpu)
    {
        CpuState* state = vcpu.State;
        ulong sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            byte* at = vcpu.Read(state, AccessTo(i, Pages / 2).Address.Raw, 8);
            sum += at is null ? throw new InvalidOperationException("the tables of the measurement are wrong") : *(ulong*)at;
        }

        return sum;
    }

    private static void Walk(FlatTables tables)
    {
        PagingMode mode = tables.Mode;
        WalkStart start = WalkStart.AtRoot(mode);
        for (int i = 0; i < Operations; i++)
        {
            Access access = AccessTo(i, Pages);
            if (!PageWalker.TryWalk(tables.Ram, mode, start, access, out _, out _, out _))
            {
                throw new InvalidOperationException("the tables of the measurement are wrong");
            }
        }
    }

    private static void Translate(Mmu mmu, int pages)
    {
        for (int i = 0; i < Operations; i++)
        {
            Access access = AccessTo(i, pages);
            if (!mmu.TryTranslate(access, out _, out _))
            {
                throw new InvalidOperationException("the tables of the measurement are wrong");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Access AccessTo(int i, int pages) =>
        new(new VirtAddr(FlatTables.Start + ((ulong)(i & (pages - 1)) << 12) + 8), AccessKind.Read, AccessOrigin.User);
}
