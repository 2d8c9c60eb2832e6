using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>Something that a run is run to, forwards or backwards. It has a name for messages, and says what it can be recognized by.</summary>
internal abstract record Goal(string Name);

/// <summary>An event.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Kinds">Its kinds.</param>
internal record EventGoal(string Name, TraceMask Kinds) : Goal(Name)
{
    /// <summary>What it concerns, so that pieces of the run can be passed over; null for anything.</summary>
    public ulong? Key { get; init; }

    /// <summary>True when an event of those kinds is meant.</summary>
    public Func<TraceEvent, bool> IsMet { get; init; } = static _ => true;

    /// <summary>A page fault, handled or not.</summary>
    public static EventGoal Fault { get; } = new("fault", TraceMask.Of(KernelEvent.FaultHandled, KernelEvent.FaultSignalled));

    /// <summary>A page fault that ends in a signal.</summary>
    public static EventGoal BadFault { get; } = new("bad fault", TraceMask.Of(KernelEvent.FaultSignalled));

    /// <summary>A signal that is delivered; None for any.</summary>
    public static EventGoal OfSignal(Signal signal) => new(signal == Signal.None ? "signal" : signal.ToString(), TraceMask.Of(KernelEvent.Signal))
    {
        IsMet = happened => signal == Signal.None || (happened.Detail is SignalDetail told && told.Info.Signal == signal),
    };

    /// <summary>The begin of a system call; null for any.</summary>
    public static EventGoal Syscall(string? name) => new(name ?? "system call", TraceMask.Of(KernelEvent.SyscallEntry))
    {
        IsMet = happened => name is null || (happened.Detail is SyscallDetail call && call.Name == name),
    };

    /// <summary>Memory is taken back.</summary>
    public static EventGoal Reclaim { get; } = new(
        "reclaim", TraceMask.Of(KernelEvent.Purged, KernelEvent.SwappedOut, KernelEvent.LazyFreed, KernelEvent.OutOfMemory));

    /// <summary>A pressure rule fires.</summary>
    public static EventGoal Rule { get; } = new("rule", TraceMask.Of(KernelEvent.RuleFired));

    /// <summary>The guest sets a mark; null for any.</summary>
    public static EventGoal Mark(string? name) => new(name ?? "mark", TraceMask.Of(KernelEvent.Mark))
    {
        IsMet = happened => name is null || (happened.Detail is MarkDetail mark && mark.Name == name),
    };

    /// <summary>A process or thread begins, changes its program or ends.</summary>
    public static EventGoal Task { get; } = new("task", TraceMask.Of(KernelEvent.Task));

    /// <summary>A page-table entry changes, by the kernel or by the processor.</summary>
    public static EventGoal Entry(PhysAddr slot) => new($"entry {slot}", TraceMask.Of(TraceEventKind.EntryMarked, KernelEvent.EntryChanged))
    {
        Key = KeyFilter.Entry(slot),
        IsMet = happened => (happened.Slot.Raw & ~7UL) == (slot.Raw & ~7UL) && happened.Old != happened.New,
    };

    /// <summary>A frame is taken, given back, mapped, unmapped, or loses its content.</summary>
    public static EventGoal Frame(Pfn frame) => new($"frame {frame.Raw:x}", TraceMask.Of(
        KernelEvent.FrameTaken, KernelEvent.FrameFreed, KernelEvent.EntryChanged, KernelEvent.Purged, KernelEvent.SwappedOut,
        KernelEvent.SwappedIn, KernelEvent.LazyFreed, KernelEvent.LazyMarked))
    {
        Key = KeyFilter.Frame(frame),
        IsMet = happened => Concerns(happened, frame),
    };

    private static bool Concerns(in TraceEvent happened, Pfn frame) => happened.Kind switch
    {
        KernelEvent.FrameTaken or KernelEvent.FrameFreed => frame.Raw - happened.Frame.Raw < happened.Count,
        KernelEvent.EntryChanged => (happened.Old.Present && happened.Old.Frame == frame) != (happened.New.Present && happened.New.Frame == frame),
        _ => happened.Frame == frame,
    };
}

/// <summary>The instruction at one of these addresses is about to run.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Addresses">They.</param>
internal sealed record BreakGoal(string Name, IReadOnlySet<ulong> Addresses) : Goal(Name);

/// <summary>A byte of RAM has changed.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Bytes">Where it lies at the moment.</param>
/// <param name="Length">How many, 1 to 64.</param>
internal sealed record WatchGoal(string Name, Func<Kernel.Run.MiniKernel, PhysAddr?> Bytes, int Length) : Goal(Name)
{
    /// <summary>Bytes of RAM, wherever the program has them: also what the kernel changes is looked for inside of its work.</summary>
    public static WatchGoal Physical(PhysAddr start, int length, string? name = null) => new(name ?? $"memory {start}", _ => start, length) { IsExact = true };

    /// <summary>A change in the middle of the kernel's work is met at its micro-step; otherwise at the next instruction.</summary>
    public bool IsExact { get; init; }
}

/// <summary>An instruction has read or written memory: met behind it on the way forwards, before it on the way back.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Space">The address space; null for physical addresses.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many.</param>
/// <param name="OnlyReads">Only an instruction that reads is meant; it may write besides.</param>
internal sealed record AccessGoal(string Name, int? Space, ulong Start, int Length, bool OnlyReads) : Goal(Name)
{
    /// <summary>True when <paramref name="touch"/>, whose addresses are of the same kind, is meant.</summary>
    public bool IsMetBy(in Touch touch) => (touch.Reads || !OnlyReads) && touch.Start < Start + (ulong)Length && Start < touch.Start + touch.Length;
}
