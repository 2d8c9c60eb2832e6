using System.CommandLine;
using System.CommandLine.Parsing;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Commands;

/// <summary>Options whose value <c>help</c> explains what they take, on every command that has them, with or without the command's arguments.</summary>
internal static class ExplainedOptions
{
    private static readonly (string Option, string Help, Func<IEnumerable<string>> Explain)[] All =
    [
        (TraceKindText.Option, TraceKindText.Help, TraceKindText.Explain),
        (ProfileText.Option, ProfileText.Help, ProfileText.Explain),
    ];

    /// <summary>Writes the explanation that <paramref name="parsed"/> asks for.</summary>
    /// <returns>False when it asks for none.</returns>
    public static bool TryExplain(ParseResult parsed, Output output)
    {
        foreach ((string option, string help, Func<IEnumerable<string>> explain) in All)
        {
            if (parsed.GetResult(option) is OptionResult { Tokens: [{ Value: var value }] } && value == help)
            {
                explain().ToList().ForEach(output.Out.WriteLine);
                return true;
            }
        }

        return false;
    }
}
