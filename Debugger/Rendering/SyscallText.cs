using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Results of system calls in the words of strace.</summary>
internal static class SyscallText
{
    /// <summary>The value, or the errno by name; the reason in brackets where there is one.</summary>
    public static string Result(SyscallDetail call)
    {
        string why = Why(call);
        string value = call switch
        {
            { Result.IsOk: false } => $"-1 {call.Result.Errno}",
            { Answer: RaxMeaning.Count } => $"{call.Result.Rax}",
            _ => $"0x{call.Result.Rax:x}",
        };
        return why.Length == 0 ? value : $"{value} ({why})";
    }

    /// <summary>How the call came, where it was not by SYSCALL.</summary>
    public static string Door(SyscallDetail call) => call.Compat ? " [int $0x80]" : "";

    private static string Why(SyscallDetail call) =>
        call.BadAccess is { } bad ? $"{FaultText.KindName(bad.Kind)} at {bad.Address}" : ErrnoCauseText.Of(call.Result.Cause);
}
