using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>The machine's own RAM as a walk sees it; all ones outside.</summary>
internal readonly struct RamEntries(PhysicalMemory ram) : IEntryReader
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64(PhysAddr address) => ram.ReadUInt64(address);
}
