using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>Where an access goes, and what a host-side look-aside may remember of it.</summary>
/// <param name="Address">The physical address of the access's first byte.</param>
/// <param name="Size">Size of the page, or of the piece of it that the TLB holds.</param>
/// <param name="TlbLevel">1 or 2 when that TLB level answered, 0 when the tables were walked.</param>
/// <param name="CanWrite">True when later writes of the same origin in the same mode need nothing of the MMU: rights, key and D are there.</param>
/// <param name="Held">True when the TLB holds the translation; false forbids a look-aside to remember it.</param>
public readonly record struct Translated(PhysAddr Address, PageSize Size, byte TlbLevel, bool CanWrite, bool Held);
