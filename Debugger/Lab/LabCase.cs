namespace MmuEmu.Debugger.Lab;

/// <summary>One hazard as an experiment: a program that ships, its words, its schedule, and the machine; the cure is added.</summary>
/// <param name="Row">Its row in the specification.</param>
/// <param name="Says">What happens, in one line.</param>
/// <param name="Guest">The program.</param>
/// <param name="Words">Its arguments.</param>
/// <param name="Rules">The pressure rules that force the schedule; those that do not fit a cure never act.</param>
internal sealed record LabCase(string Row, string Says, string Guest, string[] Words, string[] Rules)
{
    /// <summary>RAM, as it is typed.</summary>
    public string Ram { get; init; } = "64M";

    /// <summary>Swap, as it is typed.</summary>
    public string Swap { get; init; } = "16M";

    /// <summary>Processors.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Words of the profile besides the cure; empty for none.</summary>
    public string Profile { get; init; } = "";

    /// <summary>The counts that answer the row's question when they are above 0; how the run ends, and what the guest finds, always do.</summary>
    public string[] Detectors { get; init; } = ["atomic_sleeps", "atomic_faults", "stolen", "oopses", "lock_cycles"];

    /// <summary>Words of the profile with the cure in front.</summary>
    public string ProfileWith(string cure) => $"copy={cure}{(Profile.Length == 0 ? "" : ",")}{Profile}";
}
