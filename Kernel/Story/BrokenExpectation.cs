using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Story;

/// <summary>A claim of mmuemu_expect_fault that did not hold.</summary>
/// <param name="Thread">Who claimed it.</param>
/// <param name="Expected">Where its next fault should have come.</param>
/// <param name="Met">Where it came; null when the thread ended without one.</param>
public sealed record BrokenExpectation(TaskName Thread, VirtAddr Expected, VirtAddr? Met);
