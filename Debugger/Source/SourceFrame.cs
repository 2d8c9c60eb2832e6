namespace MmuEmu.Debugger.Source;

/// <summary>A place in the source: of an address, or of a call that was inlined around it.</summary>
/// <param name="Function">The function as it was written, without its class; empty when it is not known.</param>
/// <param name="Linkage">Its name for the linker where that differs, as in C++; otherwise empty.</param>
/// <param name="File">The path of the file as the compiler had it; empty when it is not known.</param>
/// <param name="Line">From 1 on; 0 when it is not known.</param>
/// <param name="Column">From 1 on; 0 when it is not known.</param>
/// <param name="IsInlined">Its code stands in the frame that follows, which has the call.</param>
internal readonly record struct SourceFrame(string Function, string Linkage, string File, int Line, int Column, bool IsInlined);
