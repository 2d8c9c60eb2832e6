namespace MmuEmu.Kernel.Syscalls;

/// <summary>A buffer of the caller.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct UserBuffer(ulong Address, ulong Length);
