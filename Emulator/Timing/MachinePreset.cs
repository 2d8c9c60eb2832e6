using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Emulator.Timing;

/// <summary>Whose names the hardware counters carry.</summary>
public enum CounterStyle : byte
{
    /// <summary>Intel's, such as DTLB_LOAD_MISSES.STLB_HIT.</summary>
    Intel,

    /// <summary>AMD's, such as ls_l1_d_tlb_miss.all.</summary>
    Amd,
}

/// <summary>What translation costs, in core cycles.</summary>
public sealed record TranslationCosts
{
    /// <summary>A look-up of the second-level TLB, added to the access.</summary>
    public required int SecondTlb { get; init; }

    /// <summary>Starting the walker.</summary>
    public required int WalkBase { get; init; }

    /// <summary>Each entry that the walker reads, besides the read itself.</summary>
    public required int WalkStep { get; init; }

    /// <summary>The assist that sets A and D bits.</summary>
    public required int AdAssist { get; init; }

    /// <summary>Where the walker's reads enter the caches.</summary>
    public required WalkerPort Port { get; init; }
}

/// <summary>Everything that the cycle model and the TLBs need to know of one processor.</summary>
/// <remarks>The presets are in <see cref="MachinePresets"/>; any of them can be varied by <c>with</c>.</remarks>
public sealed record MachinePreset
{
    /// <summary>The name by which a user asks for it.</summary>
    public required string Name { get; init; }

    /// <summary>What it models, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>Core clock in MHz; turns cycles into seconds.</summary>
    public required int Megahertz { get; init; }

    /// <summary>Whose names the counters carry.</summary>
    public required CounterStyle Counters { get; init; }

    /// <summary>TLBs and paging-structure caches.</summary>
    public required TlbGeometry Tlb { get; init; }

    /// <summary>Caches and memory.</summary>
    public required CacheSystem Caches { get; init; }

    /// <summary>Costs of translation.</summary>
    public required TranslationCosts Translation { get; init; }

    /// <summary>Cycles per <see cref="InstructionClass"/>, in the order of its members.</summary>
    public required IReadOnlyList<int> InstructionCycles { get; init; }

    /// <summary>Cycles per <see cref="HardwarePath"/>, in the order of its members.</summary>
    public required IReadOnlyList<int> HardwareCycles { get; init; }

    /// <summary>True when software outside the machine is charged nothing for its own work.</summary>
    public bool SoftwareIsFree { get; init; }

    /// <summary>Execution cycles of one instruction of the class, memory apart.</summary>
    public int CyclesOf(InstructionClass kind) => InstructionCycles[(int)kind];

    /// <summary>Cycles of one passage along the path, memory apart.</summary>
    public int CyclesOf(HardwarePath path) => HardwareCycles[(int)path];
}
