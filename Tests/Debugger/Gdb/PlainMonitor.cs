using MmuEmu.Debugger.Travel;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>The few lines that <c>monitor</c> knows by itself.</summary>
/// <param name="journey">The journey.</param>
internal sealed class PlainMonitor(Journey journey)
{
    /// <summary>Carries out one line.</summary>
    /// <returns>What it answers.</returns>
    public IReadOnlyList<string> Run(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["where"] => [Here()],
            ["seek", var text] when Position.TryParse(text, out ulong time, out uint? step) => [Seek(time, step)],
            ["seek", ..] => ["expected seek T or seek T.K; found something else"],
            ["walk", ..] => ["$pml4e, $pdpte, $pde, $pte and $swpte are of that address now"],
            _ => [$"'{line}' is not known; known are: where, seek T[.K], walk [ADDR]"],
        };
    }

    private string Here() => $"t={journey.Show(journey.Here)}";

    private string Seek(ulong time, uint? step)
    {
        Stop stop = journey.Seek(time, step);
        return stop.Reason == StopReason.End ? $"the run ends at {Here()}" : Here();
    }
}
