using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Tests.Builders;

/// <summary>The six arithmetic flags as six letters: <c>OSZAPC</c>, with a dash for each that is clear.</summary>
internal static class FlagText
{
    private const string Letters = "OSZAPC";

    private static readonly ulong[] Bits = [Rflags.OF, Rflags.SF, Rflags.ZF, Rflags.AF, Rflags.PF, Rflags.CF];

    /// <summary>The flags of <paramref name="rflags"/>.</summary>
    public static string Of(ulong rflags) => string.Concat(Letters.Select((letter, i) => (rflags & Bits[i]) != 0 ? letter : '-'));

    /// <summary>The bits that <paramref name="text"/> names.</summary>
    public static ulong Parse(string text) => Letters.Select((letter, i) => text[i] == letter ? Bits[i] : 0).Aggregate((all, bit) => all | bit);
}
