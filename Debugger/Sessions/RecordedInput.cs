using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What a guest read from its standard input.</summary>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Hash">SHA-256 of them in lower-case hexadecimal digits.</param>
/// <param name="Data">The bytes themselves; null for more than <see cref="MostBytes"/>.</param>
internal sealed record RecordedInput(ulong Bytes, string Hash, byte[]? Data)
{
    /// <summary>The most bytes that a report keeps: 1 MiB.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>
    /// Where reads gave less than was asked for, as a pipe or a terminal does: the lengths of the pieces between those points. A piece of 0 is
    /// an end after which more came. Empty where only the end of all cut a read short.
    /// </summary>
    public IReadOnlyList<ulong> Pieces { get; init; } = [];

    /// <summary>What a read behind all bytes answers: None for the end.</summary>
    public Errno Error { get; init; }
}
