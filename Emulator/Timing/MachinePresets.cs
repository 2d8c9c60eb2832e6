namespace MmuEmu.Emulator.Timing;

/// <summary>The processors that can be modelled, by name.</summary>
/// <remarks>
/// Every number has its source beside it. [M] measured on Zen 5 in a virtual machine by latency curves; [D] read in CPUID
/// dumps and AIDA latency tables of InstLatx64, or in Linux's perf metric files; [A] read in a published article;
/// [K] common knowledge, not checked again; (a) assumed.
/// </remarks>
public static class MachinePresets
{
    /// <summary>The preset that is used when none is asked for.</summary>
    public static MachinePreset Default => Zen5;

    /// <summary>AMD Zen 5.</summary>
    public static MachinePreset Zen5 { get; } = new()
    {
        Name = "zen5",
        Title = "AMD Zen 5 (Turin), 3.85 GHz",
        Megahertz = 3850,                                                  // [M] chain of multiplications
        Counters = CounterStyle.Amd,
        Tlb = TlbGeometries.Zen5,
        Caches = new CacheSystem
        {
            Code = new CacheGeometry(32, 8, 4, 1),                         // [K] size and ways; hits cost nothing
            Data = new CacheGeometry(48, 12, 4, 1),                        // [M] 3.9 to 4.0 cycles
            Second = new CacheGeometry(1024, 16, 14, 2),                   // [M] 13.8 cycles; a line in 2 cycles
            Third = new CacheGeometry(32768, 16, 46, 4),                   // [M] 46 to 52 cycles; a line in 4 cycles
            ThirdFill = ThirdLevelFill.OnEviction,                         // [K] AMD's third level takes victims
            MemoryCycles = CyclesOf(nanoseconds: 105, megahertz: 3850),    // (a) an EPYC
            MemoryStreamCycles = 16,                                       // (a) about 15 GB/s for one core
        },
        Translation = new TranslationCosts
        {
            SecondTlb = 7,                                                 // [M] 6.9 cycles
            WalkBase = 6,                                                  // (a) fits 4608 pages: 34.2 measured
            WalkStep = 1,                                                  // (a)
            AdAssist = 130,                                                // [M] 80 to 100 TSC ticks over a hit
            Port = WalkerPort.L1,                                          // (a)
        },
        InstructionCycles = InstructionColumn(row => row.Zen5),
        HardwareCycles = HardwareColumn(),
    };

    /// <summary>Intel Skylake, client.</summary>
    public static MachinePreset Skylake { get; } = new()
    {
        Name = "skylake",
        Title = "Intel Skylake client, 4.0 GHz",
        Megahertz = 4000,                                                  // (a) the clock of the latency tables
        Counters = CounterStyle.Intel,
        Tlb = TlbGeometries.Skylake,
        Caches = new CacheSystem
        {
            Code = new CacheGeometry(32, 8, 4, 1),                         // [K]
            Data = new CacheGeometry(32, 8, 4, 1),                         // [D]
            Second = new CacheGeometry(256, 4, 12, 2),                     // [D] 12 to 14 cycles
            Third = new CacheGeometry(2048, 16, 44, 4),                    // [A] 2 MiB per core, 44 cycles; AIDA 46.8
            ThirdFill = ThirdLevelFill.OnMiss,                             // [K] inclusive
            MemoryCycles = CyclesOf(nanoseconds: 72, megahertz: 4000),     // [D]
            MemoryStreamCycles = 16,                                       // (a)
        },
        Translation = new TranslationCosts
        {
            SecondTlb = 9,                                                 // [D] the metric tma_dtlb_load
            WalkBase = 6,                                                  // (a)
            WalkStep = 1,                                                  // (a)
            AdAssist = 150,                                                // (a)
            Port = WalkerPort.L1,                                          // [K] walker reads enter the first level
        },
        InstructionCycles = InstructionColumn(row => row.Skylake),
        HardwareCycles = HardwareColumn(),
    };

    /// <summary>Intel Golden Cove.</summary>
    public static MachinePreset GoldenCove { get; } = new()
    {
        Name = "golden-cove",
        Title = "Intel Golden Cove (Alder Lake P-core), 5.0 GHz",
        Megahertz = 5000,                                                  // (a) the clock of the latency tables
        Counters = CounterStyle.Intel,
        Tlb = TlbGeometries.GoldenCove,
        Caches = new CacheSystem
        {
            Code = new CacheGeometry(32, 8, 5, 1),                         // [K]
            Data = new CacheGeometry(48, 12, 5, 1),                        // [D] 5.00 cycles
            Second = new CacheGeometry(1280, 10, 15, 2),                   // [D]
            Third = new CacheGeometry(30720, 12, 74, 4),                   // [D]
            ThirdFill = ThirdLevelFill.OnMiss,                             // (a) it is non-inclusive
            MemoryCycles = CyclesOf(nanoseconds: 87, megahertz: 5000),     // [D]
            MemoryStreamCycles = 16,                                       // (a)
        },
        Translation = new TranslationCosts
        {
            SecondTlb = 7,                                                 // [D] the metric tma_dtlb_load
            WalkBase = 6,                                                  // (a)
            WalkStep = 1,                                                  // (a)
            AdAssist = 150,                                                // (a)
            Port = WalkerPort.L1,                                          // [K]
        },
        InstructionCycles = InstructionColumn(row => row.GoldenCove),
        HardwareCycles = HardwareColumn(),
    };

    /// <summary>No real processor: two-entry TLBs, no paging-structure caches and small caches, so that every path is taken.</summary>
    public static MachinePreset Tiny { get; } = Zen5 with
    {
        Name = "tiny",
        Title = "two-entry TLBs and small caches: every path is taken",
        Counters = CounterStyle.Intel,
        Tlb = TlbGeometries.Tiny,
        Caches = Zen5.Caches with
        {
            Code = new CacheGeometry(1, 2, 4, 1),
            Data = new CacheGeometry(1, 2, 4, 1),
            Second = new CacheGeometry(4, 4, 14, 2),
            Third = new CacheGeometry(16, 4, 46, 4),
            ThirdFill = ThirdLevelFill.OnMiss,
        },
    };

    /// <summary>No real processor: TLBs without practical end, and translation, memory and kernel cost nothing beyond a cycle.</summary>
    public static MachinePreset Ideal { get; } = Zen5 with
    {
        Name = "ideal",
        Title = "free translation, one-cycle memory, free kernel",
        Counters = CounterStyle.Intel,
        Tlb = TlbGeometries.Ideal,
        Caches = Zen5.Caches with
        {
            Code = Zen5.Caches.Code with { Cycles = 0, StreamCycles = 0 },
            Data = Zen5.Caches.Data with { Cycles = 1, StreamCycles = 0 },
            Second = Zen5.Caches.Second with { Cycles = 1, StreamCycles = 0 },
            Third = Zen5.Caches.Third with { Cycles = 1, StreamCycles = 0 },
            MemoryCycles = 1,
            MemoryStreamCycles = 0,
        },
        Translation = new TranslationCosts { SecondTlb = 0, WalkBase = 0, WalkStep = 0, AdAssist = 0, Port = WalkerPort.Free },
        HardwareCycles = new int[HardwareCosts.Rows.Count],
        SoftwareIsFree = true,
    };

    /// <summary>All presets, the default first.</summary>
    /// <remarks>It stands below them because static members are made in the order of the text.</remarks>
    public static IReadOnlyList<MachinePreset> All { get; } = [Zen5, Skylake, GoldenCove, Tiny, Ideal];

    /// <summary>Finds a preset by its name, in lower case.</summary>
    public static bool TryFind(string name, out MachinePreset preset)
    {
        foreach (MachinePreset candidate in All)
        {
            if (candidate.Name == name)
            {
                preset = candidate;
                return true;
            }
        }

        preset = Default;
        return false;
    }

    // Rounded to the nearest cycle.
    private static int CyclesOf(int nanoseconds, int megahertz) => ((nanoseconds * megahertz) + 500) / 1000;

    private static int[] InstructionColumn(Func<InstructionCostRow, int> column)
    {
        int[] cycles = new int[InstructionCosts.Rows.Count];
        foreach (InstructionCostRow row in InstructionCosts.Rows)
        {
            cycles[(int)row.Class] = column(row);
        }

        return cycles;
    }

    private static int[] HardwareColumn()
    {
        int[] cycles = new int[HardwareCosts.Rows.Count];
        foreach (HardwareCostRow row in HardwareCosts.Rows)
        {
            cycles[(int)row.Path] = row.Cycles;
        }

        return cycles;
    }
}
