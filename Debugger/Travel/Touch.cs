namespace MmuEmu.Debugger.Travel;

/// <summary>Bytes that an instruction reads or writes.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="Length">How many.</param>
/// <param name="Reads">It reads them, whether it writes them too or not.</param>
internal readonly record struct Touch(ulong Start, ulong Length, bool Reads);
