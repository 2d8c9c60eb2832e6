using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>Physical memory as a walk sees it: entries of 8 bytes, to read.</summary>
/// <remarks>A struct implements it, so that a walk over RAM costs no call an entry.</remarks>
public interface IEntryReader
{
    /// <summary>The 8 bytes at <paramref name="address"/>, which is 8-byte aligned; memory that is not there gives what the reader decides.</summary>
    ulong ReadUInt64(PhysAddr address);
}
