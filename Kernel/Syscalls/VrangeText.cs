using System.Globalization;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The arguments of vrange behind start and length, by the names that its posting has for them.</summary>
internal static class VrangeText
{
    private const int ModeIndex = 2;
    private const int FourthIndex = 3;

    /// <summary>The argument at <paramref name="index"/>, counted from 0; null for one that the posting does not have.</summary>
    /// <param name="traits">The posting.</param>
    /// <param name="index">2 for the mode; 3 and 4 for what follows.</param>
    /// <param name="value">The register.</param>
    /// <param name="stored">The int that the call left at that address; null before it, and after one that failed.</param>
    public static string? Of(VrangeTraits traits, int index, ulong value, int? stored) => (index, traits.Shape) switch
    {
        (ModeIndex, _) => ModeText(traits, value),
        (FourthIndex, VrangeShape.Behaviour) => (uint)value switch
        {
            0 => "VRANGE_FULL_MODE",
            1 => "VRANGE_PARTIAL_MODE",
            uint other => other.ToString(CultureInfo.InvariantCulture),
        },
        (FourthIndex, VrangeShape.FlagsAndPurged) => value == 0 ? "0" : $"0x{value:x}",
        (FourthIndex, _) => PurgedText(value, stored),
        (_, VrangeShape.FlagsAndPurged) => PurgedText(value, stored),
        _ => null,
    };

    private static string PurgedText(ulong pointer, int? stored) =>
        pointer == 0 ? "NULL" : stored is { } word ? $"[{word.ToString(CultureInfo.InvariantCulture)}]" : $"0x{pointer:x}";

    private static string ModeText(VrangeTraits traits, ulong register)
    {
        ulong mode = traits.Shape == VrangeShape.FlagsAndPurged ? register : (uint)register;
        return mode > 1 ? mode.ToString(CultureInfo.InvariantCulture)
            : $"{traits.Prefix}_{(mode == traits.VolatileMode ? "VOLATILE" : traits.NonVolatileName)}";
    }
}
