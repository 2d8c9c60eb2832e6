using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What stops the run at watched memory, by the numbers of the packets.</summary>
internal enum WatchKind
{
    /// <summary>Its content changes.</summary>
    Write = 2,

    /// <summary>An instruction reads it.</summary>
    Read = 3,

    /// <summary>An instruction reads or writes it, or its content changes.</summary>
    Access = 4,
}

/// <summary>Memory at which the run stops.</summary>
/// <param name="Space">The number of the address space; null for physical addresses.</param>
/// <param name="Address">The first byte.</param>
/// <param name="Length">How many.</param>
/// <param name="Kind">When.</param>
internal sealed record Watched(int? Space, ulong Address, int Length, WatchKind Kind = WatchKind.Write)
{
    /// <summary>Bytes that one watchpoint may have.</summary>
    public const int MostBytes = 4096;

    private const int PieceBytes = 64;

    /// <summary>It in pieces that lie together in RAM wherever they lie, 64 bytes each at most.</summary>
    public IEnumerable<(ulong Address, int Length)> Pieces()
    {
        for (int done = 0; done < Length;)
        {
            ulong at = unchecked(Address + (ulong)done);
            int count = Math.Min(Math.Min(PieceBytes, Length - done), PageBytes - (int)(at % PageBytes));
            yield return (at, count);
            done += count;
        }
    }

    /// <summary>The page-table entries that it covers when it lies in a table.</summary>
    public IEnumerable<PhysAddr> Slots()
    {
        for (ulong slot = Address & ~7UL; slot < Address + (ulong)Length; slot += sizeof(ulong))
        {
            yield return new PhysAddr(slot);
        }
    }

    private const int PageBytes = 4096;
}
