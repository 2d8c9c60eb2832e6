using System.Globalization;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Mode and behavior of mvrange and fvrange by the names that the guest header has for them.</summary>
internal static class FileVrangeText
{
    /// <summary>The mode in a register.</summary>
    public static string Mode(ulong register) => (FileVrangeMode)unchecked((int)register) switch
    {
        FileVrangeMode.Volatile => "VRANGE_VOLATILE",
        FileVrangeMode.NonVolatile => "VRANGE_NOVOLATILE",
        FileVrangeMode.IsVolatile => "VRANGE_ISVOLATILE",
        FileVrangeMode.VolatileAnon => "VRANGE_VOLATILE_ANON",
        FileVrangeMode.VolatileFile => "VRANGE_VOLATILE_FILE",
        _ => unchecked((int)register).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The behavior in a register.</summary>
    public static string Behavior(ulong register) => register switch
    {
        0 => "VRANGE_FULL_MODE",
        1 => "VRANGE_PARTIAL_MODE",
        _ => register.ToString(CultureInfo.InvariantCulture),
    };
}
