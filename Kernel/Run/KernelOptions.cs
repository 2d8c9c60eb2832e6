using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Whether cycles are counted.</summary>
public enum TimingMode
{
    /// <summary>No: T is the only clock, and the machine runs fastest.</summary>
    Off,

    /// <summary>Yes, by the model of the chosen preset.</summary>
    On,
}

/// <summary>Where stack and mappings lie.</summary>
public enum AddressLayout
{
    /// <summary>At the same addresses in every run.</summary>
    Fixed,

    /// <summary>At addresses drawn from the run's seed.</summary>
    Seeded,
}

/// <summary>Everything a run depends on: equal options and equal host files give equal runs.</summary>
public sealed record KernelOptions
{
    /// <summary>The RAM of a machine of which nobody says more, in bytes: 1 GiB.</summary>
    public const ulong DefaultRamBytes = 1UL << 30;

    /// <summary>RAM in bytes: a multiple of 4096 from 1 MiB to 64 GiB. The host pays for what the guest touches.</summary>
    public ulong RamBytes { get; init; } = DefaultRamBytes;

    /// <summary>Swap in bytes, a multiple of 4096; 0 for none.</summary>
    public ulong SwapBytes { get; init; }

    /// <summary>Which historic behaviour the kernel shows.</summary>
    public KernelProfile Profile { get; init; } = KernelProfile.Default;

    /// <summary>Seed of AT_RANDOM, getrandom, /dev/urandom and <see cref="AddressLayout.Seeded"/>.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Processors, 1 to 64.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Instructions of a turn while other threads wait; null for the scheduler's own choice.</summary>
    public ulong? Quantum { get; init; }

    /// <summary>How turns follow one another.</summary>
    public Interleaving Interleaving { get; init; }

    /// <summary>The choices that the architecture leaves to an MMU.</summary>
    public MmuOptions Mmu { get; init; } = new();

    /// <summary>The processor whose TLBs, caches and cycles are modelled, by name; null for the vendor's own.</summary>
    public string? Preset { get; init; }

    /// <summary>Which instructions the processor has, and what CPUID says.</summary>
    public CpuModel Cpu { get; init; } = CpuModels.Default;

    /// <summary>Whether cycles are counted.</summary>
    public TimingMode Timing { get; init; }

    /// <summary>Instructions after which the run ends.</summary>
    public ulong MaxInstructions { get; init; } = ulong.MaxValue;

    /// <summary>Where stack and mappings lie.</summary>
    public AddressLayout Layout { get; init; }

    /// <summary>The program: a path of the host, or with a root folder of its own (<see cref="HasOwnRoot"/>) an absolute path below that.</summary>
    public required string Program { get; init; }

    /// <summary>Where the guest finds the program: an absolute path, at which it is put over all other files; null for its path on the host.</summary>
    /// <remarks>With it, neither the host's folders nor the file's mode and time reach the guest: mode 0755, written when the machine starts.</remarks>
    public string? ProgramPath { get; init; }

    /// <summary>The guest's argv, its own name first.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The guest's environment, NAME=value each.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The host folder that the guest sees as /, read only; null hides the host's files, the program apart. Symbolic links stay inside.</summary>
    public string? HostRoot { get; init; } = "/";

    /// <summary>True when the guest's / is a folder of the host other than the host's own root.</summary>
    public bool HasOwnRoot => HostRoot is not (null or "/");

    /// <summary>Where the guest starts, as it sees it; null for a folder that was removed, where nothing can be found or made.</summary>
    public string? WorkingDirectory { get; init; } = "/";

    /// <summary>Standard input.</summary>
    public IHostStream Input { get; init; } = new BytesInput(default);

    /// <summary>Standard output.</summary>
    public IHostStream Output { get; init; } = new BytesOutput();

    /// <summary>Standard error.</summary>
    public IHostStream Error { get; init; } = new BytesOutput();

    /// <summary>Who answers for the host's files; the host's own disk unless somebody else does.</summary>
    public IHostDisk Disk { get; init; } = HostDisk.Real;

    /// <summary>Memory pressure at exact points.</summary>
    public IReadOnlyList<PressureRule> Pressure { get; init; } = [];

    /// <summary>Who listens; null for nobody.</summary>
    public ITraceSink? Trace { get; init; }

    /// <summary>Which incident the result explains, from 1: a signal that a fault or exception raised or that ended its process, or an EFAULT; 0 for the last.</summary>
    public ulong Incident { get; init; }

    /// <summary>The rules of the turns.</summary>
    internal TurnRules Turns => new(
        Quantum ?? (Cpus > 1 ? Scheduler.DefaultSharedQuantum : Scheduler.DefaultQuantum), Interleaving, Seed);

    /// <summary>Takes what a user should be told once, such as an unknown system call; null for nobody.</summary>
    public Action<Notice>? Notices { get; init; }
}
