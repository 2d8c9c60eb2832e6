using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>Translations as assertions.</summary>
[ShouldlyMethods]
public static class MmuAssertions
{
    /// <summary>The access succeeds; gives what the MMU answered.</summary>
    public static Translated ShouldTranslate(this Mmu mmu, Access access)
    {
        bool ok = mmu.TryTranslate(access, out Translated translated, out PageFault fault);
        ok.ShouldBeTrue($"{access} met {fault}");
        WhatRan.Now.Page(mmu, translated.Size);
        return translated;
    }

    /// <summary>The access succeeds; gives the physical frame it reached.</summary>
    public static ulong ShouldReach(this Mmu mmu, Access access) => mmu.ShouldTranslate(access).Address.Frame.Raw;

    /// <summary>The access faults; gives the error code.</summary>
    public static PageFaultCode ShouldFault(this Mmu mmu, Access access)
    {
        bool ok = mmu.TryTranslate(access, out Translated translated, out PageFault fault);
        ok.ShouldBeFalse($"{access} reached {translated}");
        fault.Cr2.ShouldBe(access.Address);
        return fault.Code;
    }

    /// <summary>The access faults when the tables are walked without an MMU; gives the whole fault.</summary>
    public static PageFault ShouldFault(this GuestTables tables, Access access)
    {
        bool ok = TryWalk(tables, access, out Leaf leaf, out PageFault fault);
        ok.ShouldBeFalse($"{access} reached {leaf}");
        return fault;
    }

    /// <summary>The access succeeds when the tables are walked without an MMU; gives the leaf.</summary>
    public static Leaf ShouldReach(this GuestTables tables, Access access)
    {
        bool ok = TryWalk(tables, access, out Leaf leaf, out PageFault fault);
        ok.ShouldBeTrue($"{access} met {fault}");
        return leaf;
    }

    private static bool TryWalk(GuestTables tables, Access access, out Leaf leaf, out PageFault fault) =>
        PageWalker.TryWalk(tables.Ram, tables.Mode, WalkStart.AtRoot(tables.Mode), access, out _, out leaf, out fault);
}
