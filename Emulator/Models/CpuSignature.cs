namespace MmuEmu.Emulator.Models;

/// <summary>Which processor of its vendor's a model says it is.</summary>
/// <param name="Family">Family with extended family: 6, or 15 and up.</param>
/// <param name="Model">Model with extended model, 0 to 255.</param>
/// <param name="Stepping">Stepping, 0 to 15.</param>
public readonly record struct CpuSignature(int Family, int Model, int Stepping)
{
    private const int Extended = 15;

    private int Base => Math.Min(Family, Extended);

    /// <summary>CPUID leaf 1, EAX. Source: [APM3 "CPUID", "Family, Model, Stepping Identifiers"]; [SDM2 "CPUID"].</summary>
    public uint Leaf1 =>
        (uint)(Stepping | ((Model & 15) << 4) | (Base << 8) | ((Model >> 4) << 16) | ((Family - Base) << 20));
}
