using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Cpu;

/// <summary>What the look-aside's keeper keeps, at one moment.</summary>
/// <param name="Read">Which read entries may be filled.</param>
/// <param name="Write">Which write entries may be.</param>
/// <param name="Allowed">Whether it may be used at all.</param>
/// <param name="Bypassed">Whether data accesses are checked one by one.</param>
internal sealed record LookAsideImage(ArrayImage Read, ArrayImage Write, bool Allowed, bool Bypassed);
