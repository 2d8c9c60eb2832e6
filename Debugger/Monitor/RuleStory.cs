using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The rules of paging as sentences.</summary>
/// <remarks>Source: [SDM3 Paging, "Determination of Access Rights", "Page-Fault Exceptions"].</remarks>
internal static class RuleStory
{
    private static readonly (PageFaultCode Bit, string Set, string Clear)[] Bits =
    [
        (PageFaultCode.P, "P is set: an entry that is present refused the access", "P is clear: an entry was not present"),
        (PageFaultCode.WR, "W is set: it was a write", "W is clear: it was no write"),
        (PageFaultCode.US, "U is set: user code made it", "U is clear: the kernel made it"),
        (PageFaultCode.Rsvd, "RSVD is set: a reserved bit was set in an entry", ""),
        (PageFaultCode.ID, "I is set: it was an instruction fetch", ""),
        (PageFaultCode.PK, "PK is set: a protection key forbids it", ""),
    ];

    /// <summary>The rule by its name, and what it says.</summary>
    public static string Of(AccessRule rule) => rule switch
    {
        AccessRule.None => "No rule refuses the access.",
        AccessRule.NotPresent => "Rule P: an entry that is not present ends every access.",
        AccessRule.Reserved => "Rule RSVD: a reserved bit that is set ends every access, whatever the rights.",
        AccessRule.UserSupervisor => "Rule U/S: user code may use a page only when U/S is set at every level.",
        AccessRule.ReadWrite => "Rule R/W: a write needs R/W at every level, from user code always, from the kernel while CR0.WP is set.",
        AccessRule.ExecuteDisable => "Rule XD: no instruction is fetched from a page when XD is set at any level and EFER.NXE is on.",
        AccessRule.Smep => "Rule SMEP: while CR4.SMEP is set the kernel fetches no instruction from a user page.",
        AccessRule.Smap => "Rule SMAP: while CR4.SMAP is set and EFLAGS.AC is clear the kernel touches no user page.",
        AccessRule.ProtectionKey => "Rule PK: PKRU disables accesses, or writes, to user pages of this protection key.",
    };

    /// <summary>The bits of an error code, one after the other.</summary>
    public static string Of(PageFaultCode code)
    {
        IEnumerable<string> said = Bits.Select(bit => code.HasFlag(bit.Bit) ? bit.Set : bit.Clear).Where(text => text.Length > 0);
        return $"{string.Join("; ", said)}.";
    }
}
