using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What vrange is asked to do.</summary>
/// <remarks>The numbers of v7 to v10; v11 and v12 have them the other way round (V-006, V-007).</remarks>
public enum VrangeMode
{
    /// <summary>VRANGE_VOLATILE: the kernel may purge the pages.</summary>
    Volatile = 0,

    /// <summary>VRANGE_NONVOLATILE: the pages stay; tells whether some were lost.</summary>
    NonVolatile = 1,
}

/// <summary>The four arguments of vrange, as the registers carry them (V-004).</summary>
/// <param name="Start">RDI: the first byte, page-aligned.</param>
/// <param name="LengthBytes">RSI: a multiple of 4096.</param>
/// <param name="Mode">RDX: its low 32 bits, an int in C (V-010).</param>
/// <param name="Purged">R10: where the int of 4 bytes goes; 0 for nowhere.</param>
internal readonly record struct VrangeArgs(VirtAddr Start, ulong LengthBytes, VrangeMode Mode, VirtAddr Purged)
{
    /// <summary>The arguments out of <paramref name="rdi"/>, <paramref name="rsi"/>, <paramref name="rdx"/> and <paramref name="r10"/>.</summary>
    public static VrangeArgs OfRegisters(ulong rdi, ulong rsi, ulong rdx, ulong r10) =>
        new(new VirtAddr(rdi), rsi, (VrangeMode)unchecked((int)rdx), new VirtAddr(r10));

    /// <summary>Finds fault with the arguments before anything is looked at or stored.</summary>
    /// <returns>
    /// <see cref="Refusal.None"/>; EINVAL when the start is not page-aligned or not a user address, the length is 0, negative,
    /// no multiple of 4096 or runs past 2^64, or the mode is unknown.
    /// </returns>
    public Refusal Check()
    {
        ErrnoCause wrong = WhatIsWrong();
        return wrong == ErrnoCause.None ? Refusal.None : new Refusal(Errno.EINVAL, wrong);
    }

    private ErrnoCause WhatIsWrong() => this switch
    {
        _ when Start.PageOffset != 0 => ErrnoCause.StartUnaligned,
        { LengthBytes: 0 } => ErrnoCause.LengthZero,
        _ when unchecked((long)LengthBytes) < 0 => ErrnoCause.LengthNegative,
        _ when (LengthBytes & 0xFFF) != 0 => ErrnoCause.LengthUnaligned,
        _ when unchecked(Start.Raw + LengthBytes) < Start.Raw => ErrnoCause.RangeWraps,
        { Mode: not (VrangeMode.Volatile or VrangeMode.NonVolatile) } => ErrnoCause.ModeUnknown,
        _ when Start.Raw >= VirtRange.TaskSize => ErrnoCause.BeyondUserSpace,
        _ => ErrnoCause.None,
    };
}
