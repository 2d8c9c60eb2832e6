using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Timing;

/// <summary>The lines that one core's caches hold at one moment, in order of use.</summary>
/// <param name="Code">First level for fetches.</param>
/// <param name="Data">First level for data.</param>
/// <param name="Second">Second level.</param>
/// <param name="Third">Third level.</param>
internal sealed record CachesImage(ArrayImage Code, ArrayImage Data, ArrayImage Second, ArrayImage Third);
