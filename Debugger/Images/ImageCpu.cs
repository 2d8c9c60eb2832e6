namespace MmuEmu.Debugger.Images;

/// <summary>Control registers of one processor, as the dump notes them.</summary>
/// <param name="Number">Its place among the notes, from 0.</param>
/// <param name="Cr0">CR0.</param>
/// <param name="Cr3">CR3.</param>
/// <param name="Cr4">CR4.</param>
internal readonly record struct ImageCpu(int Number, ulong Cr0, ulong Cr3, ulong Cr4);
