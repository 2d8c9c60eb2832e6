using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>The lists of an array's entries at one moment.</summary>
/// <param name="Owned">The first slot of each owner's list.</param>
/// <param name="PiecesBySize">How many pieces of larger pages there are.</param>
/// <param name="ByPage">The lists of pages; null while there never was a piece.</param>
/// <param name="Slots">For how many slots there is room.</param>
internal sealed record SlotIndexImage(ArrayImage Owned, ArrayImage PiecesBySize, SlotListsImage? ByPage, int Slots);

/// <summary>Linked lists of slots at one moment.</summary>
/// <param name="Heads">The first slot of each.</param>
/// <param name="Nodes">The links.</param>
internal sealed record SlotListsImage(ArrayImage Heads, ArrayImage Nodes);
