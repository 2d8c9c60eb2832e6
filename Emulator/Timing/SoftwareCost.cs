namespace MmuEmu.Emulator.Timing;

/// <summary>The fixed price of something that software outside the machine does on it, such as an operating system that is not made of guest instructions.</summary>
/// <param name="Number">Under which number it is counted, 0 to <see cref="MaxNumber"/>; whoever charges it knows what the number means.</param>
/// <param name="Cycles">Core cycles of one passage; nothing where <see cref="MachinePreset.SoftwareIsFree"/>.</param>
/// <param name="Bucket">Who owns the cycles.</param>
public readonly record struct SoftwareCost(int Number, int Cycles, CpiBucket Bucket)
{
    /// <summary>The highest number.</summary>
    public const int MaxNumber = 31;
}
