using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Kernel.Views;

/// <summary>All registers of a thread that a program can see: a copy, which changes nothing.</summary>
/// <param name="User">General-purpose registers, RIP, RFLAGS, bases; x87, XMM and MXCSR as an FXSAVE image; upper halves of YMM.</param>
public sealed record TaskRegisters(UserContext User)
{
    /// <summary>CS.</summary>
    public ushort Cs { get; init; }

    /// <summary>SS.</summary>
    public ushort Ss { get; init; }

    /// <summary>DS.</summary>
    public ushort Ds { get; init; }

    /// <summary>ES.</summary>
    public ushort Es { get; init; }

    /// <summary>FS.</summary>
    public ushort Fs { get; init; }

    /// <summary>GS.</summary>
    public ushort Gs { get; init; }

    /// <summary>EAX at the entry of the system call that the thread is in; <see cref="ulong.MaxValue"/> in user code.</summary>
    /// <remarks>Source: [Linux arch/x86/include/asm/ptrace.h, orig_ax].</remarks>
    public ulong OrigRax { get; init; } = ulong.MaxValue;
}
