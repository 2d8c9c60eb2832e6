using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The rule that refuses an access at an entry, in words.</summary>
internal static class RuleText
{
    /// <summary>The bit and the level that decide; empty when the access passes.</summary>
    public static string Of(AccessRule rule, Pte entry, PagingLevel level, in PagingMode mode, in Access access)
    {
        string name = level.EntryName();
        return rule switch
        {
            AccessRule.None => "",
            AccessRule.NotPresent => $"P is clear in the {name}",
            AccessRule.Reserved => $"{PteText.KindOf(entry, level, mode)} in the {name}",
            AccessRule.UserSupervisor => $"U/S is clear in the {name}",
            AccessRule.ReadWrite => $"R/W is clear in the {name}{(access.FromUser ? "" : ", and CR0.WP is set")}",
            AccessRule.ExecuteDisable => $"XD is set in the {name}, and EFER.NXE",
            AccessRule.Smep => $"U/S is set in the {name}, and CR4.SMEP",
            AccessRule.Smap => $"U/S is set in the {name}, CR4.SMAP too, and EFLAGS.AC is clear",
            AccessRule.ProtectionKey => $"PKRU disables {(((mode.Pkru >> (2 * entry.ProtectionKey)) & 1) != 0 ? "access" : "writes")} for key {entry.ProtectionKey} of the {name}",
        };
    }
}
