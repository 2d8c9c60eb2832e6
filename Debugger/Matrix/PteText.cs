using System.Globalization;
using System.Text;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Matrix;

/// <summary>Plain text for entries, rights and faults: one wording for the command, the traces and the tests.</summary>
/// <remarks>Pure functions over values; names are the manual's. Nothing here decides anything: it reads the same rules as the walker.</remarks>
internal static class PteText
{
    private const ulong Ignored = 0x07F0_0000_0000_0E00;

    /// <summary>The set bits by name, lowest first, then key, reserved and ignored bits; <c>-</c> when there are none.</summary>
    /// <remarks>For example <c>P,RW,US,A,D,XD</c>, <c>P,PS,key=5,bit51</c>. Bits of the frame field are not named, but those above bit 47 are.</remarks>
    public static string BitsOf(Pte entry, PagingLevel level)
    {
        StringBuilder text = new();
        for (int bit = 0; bit < 64; bit++)
        {
            if (((entry.Raw >> bit) & 1) != 0 && NameOf(bit, entry, level) is { } name)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(name);
            }
        }

        return text.Length == 0 ? "-" : text.ToString();
    }

    /// <summary>What the entry is: <c>not present</c>, <c>table at frame 0x…</c>, <c>4 KiB page at frame 0x…</c> and so on.</summary>
    public static string KindOf(Pte entry, PagingLevel level, in PagingMode mode)
    {
        if (!entry.Present)
        {
            return "not present";
        }

        if (ViolationsOf(entry, level, mode) != 0)
        {
            return $"reserved bits set: {BitList(ViolationsOf(entry, level, mode))}";
        }

        if (!entry.IsLeafAt(level))
        {
            return $"table at frame {entry.Frame}";
        }

        PageSize size = level.LeafSize();
        return $"{Of(size)} page at frame {entry.LeafFrame(size)}, memory type index {MemoryTypes.IndexOf(entry, size)}";
    }

    /// <summary>The reserved bits that are set; 0 when the entry is sound or not present.</summary>
    public static ulong ViolationsOf(Pte entry, PagingLevel level, in PagingMode mode) =>
        entry.Present ? entry.Raw & ReservedBits.MaskOf(mode, level, entry) : 0;

    /// <summary>The whole entry in one line: raw value, level, bits, and what it is.</summary>
    public static string Describe(Pte entry, PagingLevel level, in PagingMode mode) =>
        $"{entry} {level.EntryName()} {BitsOf(entry, level)}: {KindOf(entry, level, mode)}";

    /// <summary>What an access of one kind by one origin meets when every entry above is P, RW, US: <c>ok</c> or the fault.</summary>
    public static string EffectOf(Pte entry, PagingLevel level, in PagingMode mode, in Access access) =>
        OutcomeOf(entry, level, mode, access) is { } code ? Of(code) : "ok";

    /// <summary>The same as a value: the error code, or null when the access passes.</summary>
    public static PageFaultCode? OutcomeOf(Pte entry, PagingLevel level, in PagingMode mode, in Access access)
    {
        if (!entry.Present)
        {
            return AccessRules.FaultOf(access, mode, PageFaultCode.None).Code;
        }

        if (ViolationsOf(entry, level, mode) != 0)
        {
            return AccessRules.FaultOf(access, mode, PageFaultCode.P | PageFaultCode.Rsvd).Code;
        }

        return AccessRules.TryPass(access, mode, Rights.All.Narrow(entry), KeyOf(entry, level), out PageFault fault) ? null : fault.Code;
    }

    /// <summary>The rule that decides so; a key is told of where the rights alone let the access through.</summary>
    public static AccessRule RuleOf(Pte entry, PagingLevel level, in PagingMode mode, in Access access)
    {
        if (!entry.Present)
        {
            return AccessRule.NotPresent;
        }

        if (ViolationsOf(entry, level, mode) != 0)
        {
            return AccessRule.Reserved;
        }

        Rights rights = Rights.All.Narrow(entry);
        AccessRule rule = AccessRules.RefusedBy(access, mode, rights);
        bool byKey = rule == AccessRule.None && AccessRules.KeyBars(access, mode, rights, KeyOf(entry, level));
        return byKey ? AccessRule.ProtectionKey : rule;
    }

    private static int KeyOf(Pte entry, PagingLevel level) => entry.IsLeafAt(level) ? entry.ProtectionKey : 0;

    /// <summary>A fault: <c>#PF 0x7 [P W U - - -]</c>.</summary>
    public static string Of(PageFaultCode code) => $"#PF {CodeOf(code)}";

    /// <summary>An error code bit by bit, everywhere in this notation: <c>0x7 [P W U - - -]</c>; upper case is set.</summary>
    public static string CodeOf(PageFaultCode code)
    {
        (PageFaultCode Bit, string Set, string Clear)[] bits =
        [
            (PageFaultCode.P, "P", "p"), (PageFaultCode.WR, "W", "w"), (PageFaultCode.US, "U", "u"),
            (PageFaultCode.Rsvd, "RSVD", "-"), (PageFaultCode.ID, "I", "-"), (PageFaultCode.PK, "PK", "-"),
        ];
        return $"0x{(uint)code:x} [{string.Join(' ', bits.Select(b => code.HasFlag(b.Bit) ? b.Set : b.Clear))}]";
    }

    /// <summary><c>4 KiB</c>, <c>2 MiB</c> or <c>1 GiB</c>.</summary>
    public static string Of(PageSize size) => size switch
    {
        PageSize.Size4K => "4 KiB",
        PageSize.Size2M => "2 MiB",
        PageSize.Size1G => "1 GiB",
    };

    /// <summary><c>user</c>, <c>supervisor</c> or <c>implicit</c>.</summary>
    public static string Of(AccessOrigin origin) => origin switch
    {
        AccessOrigin.User => "user",
        AccessOrigin.Supervisor => "supervisor",
        AccessOrigin.ImplicitSupervisor => "implicit",
    };

    /// <summary><c>read</c>, <c>write</c> or <c>fetch</c>.</summary>
    public static string Of(AccessKind kind) => kind switch
    {
        AccessKind.Read => "read",
        AccessKind.Write => "write",
        AccessKind.Fetch => "fetch",
    };

    /// <summary>A list of flags without the blanks that .NET puts after commas.</summary>
    internal static string Compact(string flags) => flags.Replace(", ", ",", StringComparison.Ordinal);

    private static string? NameOf(int bit, Pte entry, PagingLevel level) => bit switch
    {
        0 => "P",
        1 => "RW",
        2 => "US",
        3 => "PWT",
        4 => "PCD",
        5 => "A",
        6 => "D",
        7 => level == PagingLevel.Pt ? "PAT" : "PS",
        8 => "G",
        12 => entry.IsLeafAt(level) && level != PagingLevel.Pt ? "PAT" : null,
        63 => "XD",
        59 => $"key={entry.ProtectionKey}",
        60 or 61 or 62 => entry.ProtectionKey >> (bit - 59) << (bit - 59) == entry.ProtectionKey ? $"key={entry.ProtectionKey}" : null,
        _ => (Ignored >> bit & 1) != 0 || bit is >= 48 and < 52 ? $"bit{bit.ToString(CultureInfo.InvariantCulture)}" : null,
    };

    private static string BitList(ulong bits)
    {
        StringBuilder text = new();
        for (int bit = 0; bit < 64; bit++)
        {
            if (((bits >> bit) & 1) != 0)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(bit.ToString(CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}
