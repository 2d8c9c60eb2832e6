using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>How much of a system call there is.</summary>
internal enum Support
{
    /// <summary>All that Linux does.</summary>
    Full,

    /// <summary>What programs commonly use; the note says what is missing.</summary>
    Partial,

    /// <summary>It answers as if it had done its work, which has no meaning here; the note says why that is right.</summary>
    Accepted,

    /// <summary>It always fails with an errno; the note says which.</summary>
    Refused,

    /// <summary>Never merged into Linux: a proposal that this kernel has.</summary>
    Proposed,

    /// <summary>A request to the emulator; see the guest header.</summary>
    Emulator,
}

/// <summary>One system call: the number in RAX, and all that is known about it.</summary>
/// <param name="Number">RAX at entry.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">How a trace prints each argument, one letter each.</param>
/// <param name="Handler">What it does.</param>
/// <param name="Support">How much of it there is.</param>
/// <param name="Note">What a user should know; printed to docs/syscalls.md.</param>
internal sealed record SyscallRow(
    ulong Number, string Name, string Arguments, SyscallHandler Handler, Support Support, string Note)
{
    /// <summary>Bit of <see cref="Id"/>, above all numbers of both doors, that marks a proposal's meaning of a number.</summary>
    private const ulong ProposedId = 1UL << 40;

    /// <summary>The family whose claim on the number must be in force; None for what always answers.</summary>
    public Proposals Proposal { get; init; }

    /// <summary>Which of a proposal's names for one number it is, from 0.</summary>
    public int Naming { get; init; }

    /// <summary>The number, with bit 40 set when it has a proposal's meaning, and the naming above it: one name for each.</summary>
    public ulong Id => Proposal == Proposals.None ? Number : Number | ProposedId | ((ulong)Naming << 41);

    /// <summary>What its work costs besides the entry and the exit that every call pays; null when they are all.</summary>
    public KernelPath? Price { get; init; }

    /// <summary>True when it changes what the addresses of its range mean: explanations of faults tell of it.</summary>
    public bool InHistory { get; init; }

    /// <summary>True when it takes mmap_sem for writing, where tasks can sleep with that.</summary>
    public bool ChangesMappings { get; init; }

    /// <summary>What RAX means when it succeeds.</summary>
    public RaxMeaning Answer { get; init; }
}
