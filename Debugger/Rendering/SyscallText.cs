using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Results of system calls in the words of strace.</summary>
internal static class SyscallText
{
    /// <summary>The value, or the errno by name.</summary>
    public static string Result(SyscallDetail call)
    {
        if (call.Result.Errno != Errno.None)
        {
            return $"-1 {call.Result.Errno}";
        }

        return call.Answer == RaxMeaning.Count ? $"{call.Result.Rax}" : $"0x{call.Result.Rax:x}";
    }
}
