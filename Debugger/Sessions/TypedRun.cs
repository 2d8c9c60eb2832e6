using System.Globalization;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A run as it was typed: what to type next is the same run.</summary>
/// <param name="Guest">The guest's word.</param>
/// <param name="Arguments">The guest's own arguments.</param>
/// <param name="Options">The options that decide what happens, as a shell takes them, each followed by a space.</param>
internal sealed record TypedRun(string Guest, IReadOnlyList<string> Arguments, string Options)
{
    /// <summary>The command that runs it, with more options, each followed by a space.</summary>
    public string Run(string more) => $"mmuemu run {more}{Options}{Word}{Join("", Arguments)}";

    /// <summary>The command that explains its last fault.</summary>
    public string Why() => $"mmuemu why {Options}{Word}{Join("", Arguments)}";

    /// <summary>The command that shows the walk of an address at a point of it.</summary>
    public string Walk(VirtAddr address, ulong time) => string.Create(
        CultureInfo.InvariantCulture, $"mmuemu walk {Options}{Word} {address} --at {time}{Join(" --", Arguments)}");

    private string Word => ShellQuote.PosixBytes(Guest);

    private static string Join(string before, IReadOnlyList<string> words) =>
        words.Count == 0 ? "" : $"{before} {string.Join(' ', words.Select(ShellQuote.PosixBytes))}";
}
