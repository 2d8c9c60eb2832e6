using MmuEmu.Debugger.Options;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Signals as they are typed: with SIG before them or without, in any case.</summary>
internal static class SignalName
{
    /// <summary>The signal of that name.</summary>
    public static bool TryParse(string text, out Signal signal) =>
        Enum.TryParse(Full(text), out signal) && Enum.IsDefined(signal) && signal != Signal.None;

    /// <summary>Names that are nearly this one.</summary>
    public static IEnumerable<string> Near(string text) => NearNames.Of(Full(text), Enum.GetNames<Signal>());

    private static string Full(string text)
    {
        string name = text.ToUpperInvariant();
        return name.StartsWith("SIG", StringComparison.Ordinal) ? name : $"SIG{name}";
    }
}
