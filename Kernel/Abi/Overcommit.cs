namespace MmuEmu.Kernel.Abi;

/// <summary>How much memory may be promised: vm.overcommit_memory.</summary>
/// <remarks>Source: [Linux Documentation/mm/overcommit-accounting.rst].</remarks>
public enum Overcommit
{
    /// <summary>0: one wish that is larger than RAM and swap together is refused.</summary>
    Heuristic = 0,

    /// <summary>1: everything is promised.</summary>
    Always = 1,

    /// <summary>2: all promises together stay below swap and half of RAM.</summary>
    Never = 2,
}
