using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Exec;

/// <summary>An ELF file that was read: what is mapped, and from where.</summary>
/// <param name="Image">Its headers.</param>
/// <param name="File">Its file.</param>
internal sealed record ExecFile(ElfImage Image, Inode File);

/// <summary>Why a program could not be started.</summary>
/// <param name="Errno">What execve answers; <see cref="Errno.None"/> when it could.</param>
/// <param name="Refusal">What is wrong with the file, when that is the reason.</param>
internal readonly record struct ExecFailure(Errno Errno, ElfRefusal Refusal);
