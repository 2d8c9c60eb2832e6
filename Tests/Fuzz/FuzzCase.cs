using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>One to three instructions in a slot, which several cases run.</summary>
/// <param name="Code">The code that the slot is made for: that of the last instruction.</param>
/// <param name="Instructions">In order.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record FuzzSlot(Code Code, Instruction[] Instructions, byte[] Bytes)
{
    /// <summary>The last instruction.</summary>
    public ref readonly Instruction Last => ref Instructions[^1];
}

/// <summary>A state and the slot that runs in it.</summary>
public sealed class FuzzCase
{
    /// <summary>Where a patch goes that patches nothing.</summary>
    public const ulong Nowhere = FuzzLayout.Control + 0x800;

    public required FuzzSlot Slot { get; init; }

    /// <summary>General registers by their number in encodings.</summary>
    public ulong[] Registers { get; init; } = new ulong[16];

    public ulong Flags { get; set; } = 0x202;

    /// <summary>Its XSAVE image.</summary>
    public required byte[] Image { get; init; }

    /// <summary>Its memory: the windows one after another.</summary>
    public required byte[] Memory { get; init; }

    public (ulong At, ulong Value) Patch1 { get; set; } = (Nowhere, 0);

    public (ulong At, ulong Value) Patch2 { get; set; } = (Nowhere, 0);

    /// <summary>The same case with all memory that programs may write, zero outside the windows at the edges of pages.</summary>
    public FuzzCase InWholeMemory()
    {
        byte[] whole = new byte[FuzzLayout.WholeWindows.Sum(window => window.Bytes)];
        int from = 0;
        foreach (FuzzWindow window in FuzzLayout.EdgeWindows)
        {
            int to = (int)(window.At < FuzzLayout.PageQ ? window.At - FuzzLayout.Page0 : window.At - FuzzLayout.PageQ + 0x2000);
            Memory.AsSpan(from, window.Bytes).CopyTo(whole.AsSpan(to));
            from += window.Bytes;
        }

        return new FuzzCase
        {
            Slot = Slot,
            Registers = Registers,
            Flags = Flags,
            Image = Image,
            Memory = whole,
            Patch1 = Patch1,
            Patch2 = Patch2,
        };
    }

    /// <summary>True when <paramref name="bytes"/> bytes there may be written by the runner.</summary>
    public static bool CanPatch(ulong at, int bytes = 8) =>
        (at >= FuzzLayout.Page0 && at <= FuzzLayout.ReadOnlyPage - (ulong)bytes)
        || (at >= FuzzLayout.PageQ && at <= FuzzLayout.PageQ + 0x1000 - (ulong)bytes);
}
