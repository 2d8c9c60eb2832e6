namespace MmuEmu.Debugger.Travel;

/// <summary>What a micro-step does.</summary>
internal enum MicroKind : byte
{
    /// <summary>The processor has found the address canonical, and looks for its translation.</summary>
    Canonical,

    /// <summary>The TLBs were asked: Part is the level that holds a translation which was refused or lacks D, 0 when none does.</summary>
    Tlb,

    /// <summary>The paging-structure caches were asked: Part is the level of the first table that is read, 0 for the root's.</summary>
    StructureCache,

    /// <summary>An entry was read: Part is its place in the path of the walk.</summary>
    Entry,

    /// <summary>The rules have let the access through, or refused it.</summary>
    Verdict,

    /// <summary>What the event itself tells.</summary>
    Event,
}

/// <summary>One micro-step of what happens at a T.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Event">The event it belongs to, from 0: the machine is as it was when that was told.</param>
/// <param name="Part">See <see cref="MicroKind"/>.</param>
internal readonly record struct MicroStep(MicroKind Kind, int Event, int Part = 0);
