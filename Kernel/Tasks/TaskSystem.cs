using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Machine;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.UserCopy;

namespace MmuEmu.Kernel.Tasks;

/// <summary>The parts that tasks and system calls work with, wired together; it has no logic of its own.</summary>
internal sealed class TaskSystem : IStateful
{
    /// <summary>Memory management.</summary>
    public required MemorySystem Memory { get; init; }

    /// <summary>The processors.</summary>
    public required ProcessorSet Processors { get; init; }

    /// <summary>The TLBs of all processors.</summary>
    public required CoreShootdown Tlbs { get; init; }

    /// <summary>All files.</summary>
    public required FileSystem Files { get; init; }

    /// <summary>The run's random bytes.</summary>
    public required SeededRandom Random { get; init; }

    /// <summary>The clocks.</summary>
    public required VirtualClock Clock { get; init; }

    /// <summary>What the vDSO reads the time from.</summary>
    public required VdsoClock VdsoClock { get; init; }

    /// <summary>The vDSO's image.</summary>
    public required SpecialPage Vdso { get; init; }

    /// <summary>Who listens.</summary>
    public required Tracer Trace { get; init; }

    /// <summary>Who keeps what explains a signal.</summary>
    public required ISignalWitness Witness { get; init; }

    /// <summary>Where the parts of a program are put.</summary>
    public required LayoutPolicy Layout { get; init; }

    /// <summary>Takes what a user should be told once.</summary>
    public required Action<Notice> Notices { get; init; }

    /// <summary>What copies through windows work with; null when the kernel has a mapping of every frame.</summary>
    public CopyBed? Copies { get; init; }

    /// <summary>Who waits on futex words.</summary>
    public FutexTable Futexes { get; } = new();

    /// <summary>What RAM could not give.</summary>
    public ShortageLog Shortages { get; } = new();

    /// <summary>All processes.</summary>
    public ProcessTable Processes { get; } = new();

    /// <summary>The core of the processor at work.</summary>
    public Core Core { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Processors.Here.Core; }

    /// <summary>Guest memory of the process that runs now.</summary>
    public UserMemory Guest { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Processors.Here.Guest; }

    /// <summary>The thread that runs now; null between two.</summary>
    public UserThread? Current { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Processors.Here.Current; }

    /// <summary>Switches from one thread to another.</summary>
    public ulong Switches { get; set; }

    /// <summary>The mark that the guest has set in the current system call; null for none.</summary>
    public string? Mark { get; set; }

    /// <summary>The thread that runs has asked to let others run.</summary>
    public bool YieldAsked { get; set; }

    /// <summary>The first claim of mmuemu_expect_fault that did not hold; null while all do.</summary>
    public BrokenExpectation? BrokenExpectation { get; set; }

    /// <summary>What the signal floor counts.</summary>
    public ulong SignalsHandled { get; set; }

    /// <summary>Processes that ever lived.</summary>
    public ulong ProcessesBegun { get; set; }

    /// <summary>Nothing happens until <paramref name="momentNs"/>, which is not in the past.</summary>
    public void SkipTo(ulong momentNs)
    {
        Clock.SkipTo(momentNs);
        VdsoClock.Tell(Clock.SkippedNs);
    }

    /// <summary>The proposals of which the user was told that their numbers have Linux's meaning.</summary>
    public Proposals MeaningsTold { get; set; }

    /// <summary>The group of processes that the terminal belongs to: its signals are theirs.</summary>
    public int ForegroundGroup { get; set; } = ProcessTable.FirstPid;

    object IStateful.Save(object? last) => (Switches, Mark, YieldAsked, BrokenExpectation, SignalsHandled, ProcessesBegun, ForegroundGroup, MeaningsTold);

    void IStateful.Restore(object state) => (Switches, Mark, YieldAsked, BrokenExpectation, SignalsHandled, ProcessesBegun, ForegroundGroup, MeaningsTold) =
        ((ulong, string?, bool, BrokenExpectation?, ulong, ulong, int, Proposals))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAny(Memory);
        visitor.See(Processors);
        visitor.See(Tlbs);
        visitor.SeeAny(Files);
        visitor.SeeAny(Random);
        visitor.See(Clock);
        visitor.SeeAny(VdsoClock);
        visitor.See(Vdso);
        visitor.See(Trace);
        visitor.See(Futexes);
        visitor.See(Shortages);
        visitor.See(Copies);
        visitor.See(Processes);
    }
}
