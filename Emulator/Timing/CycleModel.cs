using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Timing;

/// <summary>Prices what happened, and changes nothing else: the clock of one core, its caches and its counters.</summary>
/// <remarks>
/// Callers say what happened in program order: instructions retired, accesses translated, traps taken, work of a kernel. Every cycle goes
/// to one bucket of <see cref="Stack"/>, whose sum is <see cref="Now"/> (C-901). All arithmetic is on integers, and nothing
/// here depends on the host, so equal calls give equal clocks everywhere (C-902). How much latency shows is
/// <see cref="ICorePipeline"/>'s matter.
/// </remarks>
public sealed class CycleModel
{
    private const int LineBytes = 64;

    private readonly MachinePreset _preset;
    private readonly ICorePipeline _pipeline;
    private readonly CacheHierarchy _caches;
    private readonly WalkPricer _walks;
    private readonly ulong[] _hardwarePaths = new ulong[HardwareCosts.Rows.Count];
    private readonly ulong[] _softwarePaths = new ulong[SoftwareCost.MaxNumber + 1];
    private CpiStack _stack;
    private ulong _now;

    /// <summary>A model of <paramref name="preset"/> with an in-order core, at cycle 0 with cold caches.</summary>
    public CycleModel(MachinePreset preset)
        : this(preset, new InOrderPipeline())
    {
    }

    /// <summary>A model of <paramref name="preset"/> whose latencies overlap as <paramref name="pipeline"/> says.</summary>
    public CycleModel(MachinePreset preset, ICorePipeline pipeline)
    {
        (_preset, _pipeline) = (preset, pipeline);
        _caches = new CacheHierarchy(preset.Caches);
        _walks = new WalkPricer(preset, _caches, Walker);
    }

    /// <summary>The processor that is modelled.</summary>
    public MachinePreset Preset => _preset;

    /// <summary>Cycles since the model was made.</summary>
    public Cycles Now => new(_now);

    /// <summary>The same cycles by owner.</summary>
    public ref readonly CpiStack Stack => ref _stack;

    /// <summary>Instructions retired.</summary>
    public ulong Instructions { get; private set; }

    /// <summary>Translations of loads.</summary>
    public TranslationCounters Loads { get; } = new();

    /// <summary>Translations of stores and of read-modify-writes.</summary>
    public TranslationCounters Stores { get; } = new();

    /// <summary>Translations of fetches.</summary>
    public TranslationCounters Fetches { get; } = new();

    /// <summary>Entries that walks read.</summary>
    public WalkerCounters Walker { get; } = new();

    /// <summary>Lines that the guest's loads asked for.</summary>
    public CacheCounters LoadLines { get; } = new();

    /// <summary>Lines that the guest's stores asked for.</summary>
    public CacheCounters StoreLines { get; } = new();

    /// <summary>Lines that fetches asked for.</summary>
    public CacheCounters FetchLines { get; } = new();

    /// <summary>Lines that the kernel asked for.</summary>
    public CacheCounters KernelLines { get; } = new();

    /// <summary>How often the processor did <paramref name="path"/>.</summary>
    public ulong CountOf(HardwarePath path) => _hardwarePaths[(int)path];

    /// <summary>How often software was charged for what it counts under <paramref name="number"/>.</summary>
    public ulong CountOfSoftware(int number) => _softwarePaths[number];

    /// <summary>One instruction has retired; its memory accesses are told apart.</summary>
    public void Retire(InstructionClass kind)
    {
        Instructions++;
        Show(CpiBucket.Base, (ulong)_preset.CyclesOf(kind));
    }

    /// <summary>A run of instructions has retired; their memory accesses are told apart.</summary>
    public void Retire(in BlockCost block)
    {
        Instructions += block.Instructions;
        Show(CpiBucket.Base, block.Cycles);
    }

    /// <summary>A data access went through.</summary>
    /// <param name="outcome">What the MMU did for it.</param>
    /// <param name="address">Its first byte; the access does not cross a page.</param>
    /// <param name="lengthBytes">Its length, 1 or more; an access that crosses a line asks for both and waits for the slower.</param>
    /// <param name="use">What the instruction does with the operand.</param>
    public void Data(in MmuOutcome outcome, PhysAddr address, int lengthBytes, MemoryUse use)
    {
        Translate(outcome, use == MemoryUse.Load ? Loads : Stores);
        ulong line = CacheHierarchy.LineOf(address);
        ulong last = CacheHierarchy.LineOf(address + (ulong)(lengthBytes - 1));
        CacheLevel slowest = _caches.Data(line);
        ulong streamed = 0;
        while (++line <= last)
        {
            CacheLevel served = _caches.Data(line);
            slowest = served > slowest ? served : slowest;
            streamed += (ulong)_preset.Caches.StreamCyclesOf(served);
        }

        NoteData(use, slowest, lengthBytes > LineBytes ? streamed : 0);
    }

    /// <summary>An instruction fetch was translated.</summary>
    /// <param name="outcome">What the MMU did for it.</param>
    /// <param name="address">The first byte.</param>
    public void Fetch(in MmuOutcome outcome, PhysAddr address)
    {
        Translate(outcome, Fetches);
        CacheLevel served = _caches.Code(CacheHierarchy.LineOf(address));
        FetchLines.Note(served);
        if (served != CacheLevel.L1)
        {
            Show(CpiBucket.Frontend, (ulong)_preset.Caches.CyclesOf(served));
        }
    }

    /// <summary>The bytes that follow a fetch within its page were fetched too; lines in a row are prefetched and cost nothing.</summary>
    /// <param name="address">The first byte, which <see cref="Fetch"/> has been told.</param>
    /// <param name="lengthBytes">How many bytes, 1 or more.</param>
    public void FetchAhead(PhysAddr address, int lengthBytes)
    {
        ulong last = CacheHierarchy.LineOf(address + (ulong)(lengthBytes - 1));
        for (ulong line = CacheHierarchy.LineOf(address) + 1; line <= last; line++)
        {
            FetchLines.Note(_caches.Code(line));
        }
    }

    /// <summary>An access ended in a page fault: its look-ups and walks are priced, and no line is touched.</summary>
    /// <param name="outcome">What the MMU did for it.</param>
    /// <param name="kind">What was tried. The delivery is <see cref="HardwarePath.PageFaultDelivery"/>'s matter.</param>
    public void Fault(in MmuOutcome outcome, AccessKind kind) => Translate(outcome, kind switch
    {
        AccessKind.Read => Loads,
        AccessKind.Write => Stores,
        AccessKind.Fetch => Fetches,
    });

    /// <summary>The processor did something at a fixed price, <paramref name="times"/> times.</summary>
    public void Hardware(HardwarePath path, ulong times = 1)
    {
        _hardwarePaths[(int)path] += times;
        Charge(HardwareCosts.Rows[(int)path].Bucket, (ulong)_preset.CyclesOf(path) * times);
    }

    /// <summary>Software outside the machine did something at a fixed price, <paramref name="times"/> times.</summary>
    public void Software(in SoftwareCost cost, ulong times)
    {
        _softwarePaths[cost.Number] += times;
        Charge(cost.Bucket, _preset.SoftwareIsFree ? 0 : (ulong)cost.Cycles * times);
    }

    /// <summary>The kernel reads or writes within one line, such as a page-table entry.</summary>
    public void KernelTouch(PhysAddr address, MemoryUse use)
    {
        CacheLevel served = _caches.Data(CacheHierarchy.LineOf(address));
        KernelLines.Note(served);
        Charge(CpiBucket.KernelMemory, use == MemoryUse.Store ? 1UL : (ulong)_preset.Caches.CyclesOf(served));
    }

    /// <summary>The kernel reads or writes a run of bytes, such as a page that it zeroes or copies.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="lengthBytes">How many; 0 costs nothing.</param>
    /// <remarks>The lines follow one another, so each costs its level's share of bandwidth and not its latency.</remarks>
    public void KernelStream(PhysAddr start, ulong lengthBytes)
    {
        if (lengthBytes == 0)
        {
            return;
        }

        ulong last = CacheHierarchy.LineOf(start + (lengthBytes - 1));
        ulong cycles = 0;
        for (ulong line = CacheHierarchy.LineOf(start); line <= last; line++)
        {
            CacheLevel served = _caches.Data(line);
            KernelLines.Note(served);
            cycles += (ulong)_preset.Caches.StreamCyclesOf(served);
        }

        Charge(CpiBucket.KernelMemory, cycles);
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal ClockImage Save(ClockImage? last) => new(
        _stack, _now, Instructions, _caches.Save(last?.Caches), ArrayImage.Of(_hardwarePaths, last?.HardwarePaths),
        ArrayImage.Of(_softwarePaths, last?.SoftwarePaths), ClockCounters.Of(this));

    /// <summary>Takes that state again.</summary>
    internal void Restore(ClockImage image)
    {
        (_stack, _now, Instructions) = (image.Stack, image.Now, image.Instructions);
        _caches.Restore(image.Caches);
        image.HardwarePaths.CopyTo(_hardwarePaths.AsSpan());
        image.SoftwarePaths.CopyTo(_softwarePaths.AsSpan());
        image.Counters.CopyTo(this);
    }

    // Stores drain behind the core: the buffer in front of the caches is taken to be deep enough.
    private void NoteData(MemoryUse use, CacheLevel slowest, ulong streamed)
    {
        if (use != MemoryUse.Load)
        {
            StoreLines.Note(slowest);
        }

        if (use != MemoryUse.Store)
        {
            LoadLines.Note(slowest);
            Show(BucketOf(slowest), (ulong)_preset.Caches.CyclesOf(slowest));
        }

        Show(BucketOf(slowest), streamed);
    }

    private static CpiBucket BucketOf(CacheLevel level) => level switch
    {
        CacheLevel.L1 => CpiBucket.DataL1,
        CacheLevel.L2 => CpiBucket.DataL2,
        CacheLevel.L3 => CpiBucket.DataL3,
        CacheLevel.Memory => CpiBucket.DataMemory,
    };

    private static CpiBucket BucketOf(PagingLevel level) => level switch
    {
        PagingLevel.Pml5 => CpiBucket.WalkPml5,
        PagingLevel.Pml4 => CpiBucket.WalkPml4,
        PagingLevel.Pdpt => CpiBucket.WalkPdpt,
        PagingLevel.Pd => CpiBucket.WalkPd,
        PagingLevel.Pt => CpiBucket.WalkPt,
    };

    private void Translate(in MmuOutcome outcome, TranslationCounters counters)
    {
        counters.Note(outcome);
        if (outcome.TlbLevel == 1 && outcome.Walks == 0)
        {
            return;
        }

        WalkCost cost = _walks.Price(outcome, counters);
        Show(CpiBucket.StlbHit, cost.SecondHit);
        Show(CpiBucket.WalkStart, cost.Start);
        for (PagingLevel level = PagingLevel.Pml5; level >= PagingLevel.Pt; level--)
        {
            Show(BucketOf(level), cost[level]);
        }

        Show(CpiBucket.AdAssist, cost.Assist);
    }

    private void Show(CpiBucket bucket, ulong cycles)
    {
        if (cycles != 0)
        {
            Charge(bucket, _pipeline.Expose(bucket, cycles));
        }
    }

    private void Charge(CpiBucket bucket, ulong cycles)
    {
        _stack.Add(bucket, cycles);
        _now += cycles;
    }
}
