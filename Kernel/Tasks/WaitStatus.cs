using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tasks;

/// <summary>How a process ended, as wait4 tells it.</summary>
/// <param name="Raw">Bits 15:8 the exit code, bits 6:0 the signal.</param>
/// <remarks>Source: [Linux include/uapi/linux/wait.h; glibc bits/waitstatus.h].</remarks>
internal readonly record struct WaitStatus(int Raw)
{
    /// <summary>The process called exit; only eight bits arrive.</summary>
    public static WaitStatus Exited(int code) => new((code & 0xFF) << 8);

    /// <summary>A signal killed it.</summary>
    public static WaitStatus Killed(Signal signal) => new((int)signal);

    /// <summary>A signal stopped it.</summary>
    public static WaitStatus StoppedBy(Signal signal) => new(((int)signal << 8) | 0x7F);

    /// <summary>It goes on.</summary>
    public static WaitStatus Continued => new(0xFFFF);

    /// <summary>The signal that killed it, or <see cref="Signal.None"/>.</summary>
    public Signal Signal => (Signal)(Raw & 0x7F);

    /// <summary>The exit code, meaningful when no signal killed it.</summary>
    public int ExitCode => (Raw >> 8) & 0xFF;
}
