namespace MmuEmu.Debugger.Travel;

/// <summary>An instruction that ran.</summary>
/// <param name="Time">T before it.</param>
/// <param name="Rip">Its address.</param>
/// <param name="Rsp">RSP before it.</param>
/// <param name="Tid">The thread.</param>
internal readonly record struct TrailPoint(ulong Time, ulong Rip, ulong Rsp, int Tid);
