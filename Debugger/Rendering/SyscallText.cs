using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Results of system calls in the words of strace.</summary>
internal static class SyscallText
{
    private static readonly string[] Addresses = ["mmap", "brk", "mremap"];

    /// <summary>The value, or the errno by name.</summary>
    public static string Result(SyscallDetail call)
    {
        if (call.Result.Errno != Errno.None)
        {
            return $"-1 {call.Result.Errno}";
        }

        return Addresses.Contains(call.Name) ? $"0x{call.Result.Rax:x}" : $"{call.Result.Rax}";
    }
}
