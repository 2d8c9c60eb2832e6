namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>The bytes of one frame that a block was decoded from.</summary>
/// <param name="First">Offset of the first, 0 to 4095.</param>
/// <param name="End">Offset behind the last, up to 4096.</param>
/// <param name="Block">The number of the block in its cache.</param>
internal readonly record struct CodePiece(int First, int End, int Block)
{
    /// <summary>True when one of the bytes from <paramref name="first"/> to before <paramref name="end"/> is among them.</summary>
    public bool Overlaps(int first, int end) => first < End && First < end;
}
