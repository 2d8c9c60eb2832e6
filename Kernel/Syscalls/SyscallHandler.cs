namespace MmuEmu.Kernel.Syscalls;

/// <summary>Answers one system call.</summary>
internal delegate SyscallOutcome SyscallHandler(in SyscallCall call);
