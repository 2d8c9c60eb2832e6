using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Signals;

/// <summary>The thread's last exception, as every signal frame repeats it.</summary>
/// <param name="Number">trapno: the vector.</param>
/// <param name="ErrorCode">err.</param>
/// <param name="Cr2">cr2: the address of the last page fault.</param>
/// <remarks>Source: [Linux arch/x86/include/asm/processor.h, thread_struct].</remarks>
internal readonly record struct TrapRecord(ulong Number, ulong ErrorCode, VirtAddr Cr2);
