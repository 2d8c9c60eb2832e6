namespace MmuEmu.Kernel.Syscalls;

/// <summary>Answers one system call.</summary>
public delegate SyscallOutcome SyscallHandler(in SyscallCall call);
