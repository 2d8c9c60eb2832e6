namespace MmuEmu.Kernel.Syscalls;

/// <summary>A system call as its handler sees it: the six arguments, and on whose behalf.</summary>
/// <param name="A0">RDI.</param>
/// <param name="A1">RSI.</param>
/// <param name="A2">RDX.</param>
/// <param name="A3">R10.</param>
/// <param name="A4">R8.</param>
/// <param name="A5">R9.</param>
public readonly record struct SyscallCall(ulong A0, ulong A1, ulong A2, ulong A3, ulong A4, ulong A5);
