using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Run;

/// <summary>When a pressure rule acts.</summary>
public enum PressureTrigger
{
    /// <summary>Once, when exactly Count instructions have retired.</summary>
    Instruction,

    /// <summary>Each time another Count instructions have retired.</summary>
    EveryInstructions,

    /// <summary>Before the Count-th call named Name does its work.</summary>
    SyscallEntry,

    /// <summary>After the Count-th call named Name has done its work, before the guest runs on.</summary>
    SyscallReturn,

    /// <summary>When the guest sets the mark Name for the Count-th time.</summary>
    Mark,

    /// <summary>When the Count-th page copy comes to the point Name; only a profile with windows has such copies.</summary>
    Copy,
}

/// <summary>What a pressure rule does.</summary>
public enum PressureAction
{
    /// <summary>Reclaims Frames frames, as allocation under pressure would.</summary>
    Reclaim,

    /// <summary>Purges every volatile page and discards every clean lazily freed one.</summary>
    Purge,

    /// <summary>Clears accessed bits and turns the page lists once.</summary>
    Age,

    /// <summary>Lets Allocations of kind What fail, the first After of them spared.</summary>
    Fail,

    /// <summary>Makes 512 aligned frames free at once, as a large page needs them, and gives them back.</summary>
    Free,

    /// <summary>Takes the page of the copy's next user byte out of its entries, and out of memory if it has a place to go.</summary>
    Evict,

    /// <summary>The task stays where it is until the guest has set the mark Until, which it has not yet; not in an atomic state.</summary>
    Hold,
}

/// <summary>Memory pressure at an exact point of a run.</summary>
/// <param name="Trigger">When.</param>
/// <param name="Action">What.</param>
public readonly record struct PressureRule(PressureTrigger Trigger, PressureAction Action)
{
    /// <summary>Instructions, or which occurrence; 0 means every occurrence.</summary>
    public ulong Count { get; init; }

    /// <summary>The system call or mark; empty for instruction triggers.</summary>
    public string Name { get; init; } = "";

    /// <summary>Bytes copied when a copy is looked at in its midst; 0 for every other point.</summary>
    public int Byte { get; init; }

    /// <summary>Which pass of the copy over the user's buffer, from 1; 0 for each.</summary>
    public ulong Pass { get; init; }

    /// <summary>The mark that ends a hold; null for the other actions.</summary>
    public string? Until { get; init; }

    /// <summary>Frames to reclaim; 0 for the other actions.</summary>
    public ulong Frames { get; init; }

    /// <summary>What fails; of no meaning for the other actions.</summary>
    public FailKind What { get; init; }

    /// <summary>How many fail; 0 for the other actions.</summary>
    public ulong Allocations { get; init; }

    /// <summary>How many of them succeed first.</summary>
    public ulong After { get; init; }

    /// <summary>The rule as it would be typed.</summary>
    public override string ToString()
    {
        string which = Count == 0 ? "" : $"#{Count}";
        string when = Trigger switch
        {
            PressureTrigger.Instruction => $"at insn {Count}",
            PressureTrigger.EveryInstructions => $"every {Count} insns",
            PressureTrigger.SyscallEntry => $"at syscall {Name}{which} entry",
            PressureTrigger.SyscallReturn => $"at syscall {Name}{which} return",
            PressureTrigger.Mark => $"at mark {Name}{which}",
            PressureTrigger.Copy when Byte > 0 => $"at copy{which} byte {Byte}",
            PressureTrigger.Copy => $"at copy{which} {Name}" + (Pass == 0 ? "" : $"#{Pass}"),
        };
        string what = Action switch
        {
            PressureAction.Reclaim => $"reclaim {Frames} frames",
            PressureAction.Purge => "purge",
            PressureAction.Age => "age",
            PressureAction.Fail => $"fail {NameOf(What)} {Allocations}{(After == 0 ? "" : $" after {After}")}",
            PressureAction.Free => "free run",
            PressureAction.Evict => "evict",
            PressureAction.Hold => $"hold until {Until}",
        };
        return $"{when}: {what}";
    }

    /// <summary>What fails, as it is typed.</summary>
    internal static string NameOf(FailKind kind) => kind switch
    {
        FailKind.Nodes => "nodes",
        FailKind.Copies => "copies",
        FailKind.Splits => "splits",
        FailKind.Tables => "tables",
    };
}

/// <summary>What a pressure rule may go on with at some place.</summary>
public enum PressureWord
{
    /// <summary>"at" or "every", with what follows.</summary>
    When,

    /// <summary>"insn", "syscall", "mark" or "copy".</summary>
    Point,

    /// <summary>A point of a copy, with "#K" for one pass only, or "byte".</summary>
    CopyPoint,

    /// <summary>A number of bytes of a page, 1 to 4095.</summary>
    ByteCount,

    /// <summary>"run".</summary>
    Run,

    /// <summary>"until".</summary>
    Until,

    /// <summary>The name of a mark.</summary>
    MarkName,

    /// <summary>A count of instructions, at least 1.</summary>
    InstructionCount,

    /// <summary>A number of instructions between two times, at least 1.</summary>
    Period,

    /// <summary>"insns".</summary>
    Insns,

    /// <summary>The name of a system call or a mark, with "#K" for one time only.</summary>
    Name,

    /// <summary>"entry" or "return".</summary>
    Phase,

    /// <summary>The colon before the action.</summary>
    Colon,

    /// <summary>"reclaim", "purge", "age", "fail" or "free run"; at a copy also "evict" or "hold".</summary>
    Action,

    /// <summary>"nodes", "copies", "splits" or "tables".</summary>
    FailKind,

    /// <summary>A number of allocations, at least 1.</summary>
    AllocationCount,

    /// <summary>A number of frames, at least 1.</summary>
    FrameCount,

    /// <summary>Nothing more.</summary>
    End,
}

/// <summary>Why a text is no pressure rule.</summary>
/// <param name="Position">Where, counted from 0.</param>
/// <param name="Found">The word that stands there; empty at the end.</param>
/// <param name="Expected">What would have been right.</param>
public readonly record struct PressureError(int Position, string Found, PressureWord Expected);
