using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Views;

/// <summary>What an edit has changed.</summary>
/// <param name="Errno">Why not all that was asked for; <see cref="Errno.None"/> when all was done.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="FramesTaken">Frames that were handed out for it.</param>
/// <param name="FramesFreed">Frames that came free.</param>
/// <param name="EntriesWritten">Page-table entries written, of all levels.</param>
public readonly record struct KernelChange(Errno Errno, int Bytes, ulong FramesTaken, ulong FramesFreed, ulong EntriesWritten);
