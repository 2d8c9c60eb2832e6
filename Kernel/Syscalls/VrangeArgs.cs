using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What vrange is asked to do, whichever numbers its posting has for it.</summary>
/// <remarks>The numbers here are those of v7 to v10; v11 to v13 have them the other way round (V-006, V-007).</remarks>
public enum VrangeMode
{
    /// <summary>The mode is none that the posting knows.</summary>
    Unknown = -1,

    /// <summary>VRANGE_VOLATILE: the kernel may purge the pages.</summary>
    Volatile = 0,

    /// <summary>VRANGE_NONVOLATILE: the pages stay; tells whether some were lost.</summary>
    NonVolatile = 1,
}

/// <summary>The arguments of vrange (V-004, V-005, V-008).</summary>
/// <param name="Start">RDI: the first byte, page-aligned.</param>
/// <param name="LengthBytes">RSI: a multiple of 4096.</param>
/// <param name="Mode">RDX.</param>
/// <param name="Purged">Where the int of 4 bytes goes; 0 for nowhere.</param>
internal readonly record struct VrangeArgs(VirtAddr Start, ulong LengthBytes, VrangeMode Mode, VirtAddr Purged)
{
    private const ulong FullBehaviour = 0;
    private const ulong PartialBehaviour = 1;

    /// <summary>The flags, of which none has a meaning; 0 in postings without them.</summary>
    public ulong Flags { get; init; }

    /// <summary>The behaviour: 0 full, 1 partial; 0 in postings without it.</summary>
    public ulong Behaviour { get; init; }

    /// <summary>A purge takes some pages of the range at a time (V-168).</summary>
    public bool IsPartial => Behaviour == PartialBehaviour;

    /// <summary>The arguments that <paramref name="call"/>'s registers carry, as the posting reads them.</summary>
    public static VrangeArgs Of(VrangeTraits traits, in SyscallCall call) => OfRegisters(traits, [call.A0, call.A1, call.A2, call.A3, call.A4]);

    /// <summary>The arguments out of RDI, RSI, RDX, R10 and R8.</summary>
    public static VrangeArgs OfRegisters(VrangeTraits traits, ReadOnlySpan<ulong> registers)
    {
        VrangeArgs args = new(new VirtAddr(registers[0]), registers[1], ModeOf(traits, registers[2]), default);
        return traits.Shape switch
        {
            VrangeShape.Behaviour => args with { Behaviour = (uint)registers[3] },
            VrangeShape.FlagsAndPurged => args with { Flags = registers[3], Purged = new VirtAddr(registers[4]) },
            VrangeShape.Purged or VrangeShape.Advice => args with { Purged = new VirtAddr(registers[3]) },
        };
    }

    /// <summary>Finds fault with the arguments before anything is looked at or stored.</summary>
    /// <returns>
    /// <see cref="Refusal.None"/>; EINVAL when there are flags, the start is not page-aligned or not a user address, the length is 0, negative,
    /// no multiple of 4096 or runs past 2^64, or the mode or behaviour is unknown.
    /// </returns>
    public Refusal Check(VrangeTraits traits)
    {
        ErrnoCause wrong = WhatIsWrong(traits);
        return wrong == ErrnoCause.None ? Refusal.None : new Refusal(Errno.EINVAL, wrong);
    }

    /// <summary>The length in whole pages, which it is already unless the posting rounds it down (V-028).</summary>
    public VrangeArgs InPages() => this with { LengthBytes = LengthBytes & ~0xFFFUL };

    private ErrnoCause WhatIsWrong(VrangeTraits traits)
    {
        bool loose = traits.Has(VrangeQuirks.LooseLengths);
        ulong length = loose ? InPages().LengthBytes : LengthBytes;
        return this switch
        {
            { Flags: not 0 } => ErrnoCause.FlagsUnknown,
            _ when Start.PageOffset != 0 => ErrnoCause.StartUnaligned,
            _ when length == 0 => ErrnoCause.LengthZero,
            _ when !loose && unchecked((long)length) < 0 => ErrnoCause.LengthNegative,
            _ when (length & 0xFFF) != 0 => ErrnoCause.LengthUnaligned,
            _ when unchecked(Start.Raw + length) < Start.Raw => ErrnoCause.RangeWraps,
            { Behaviour: not (FullBehaviour or PartialBehaviour) } => ErrnoCause.FlagsUnknown,
            { Mode: not (VrangeMode.Volatile or VrangeMode.NonVolatile) } when !traits.Has(VrangeQuirks.UnknownModeDoesNothing) => ErrnoCause.ModeUnknown,
            _ when Start.Raw >= VirtRange.TaskSize => ErrnoCause.BeyondUserSpace,
            _ => ErrnoCause.None,
        };
    }

    /// <summary>A C int up to v11 (V-010), an unsigned long from v12 on.</summary>
    private static VrangeMode ModeOf(VrangeTraits traits, ulong register)
    {
        ulong number = traits.Shape == VrangeShape.FlagsAndPurged ? register : (uint)register;
        return number > 1 ? VrangeMode.Unknown : number == traits.VolatileMode ? VrangeMode.Volatile : VrangeMode.NonVolatile;
    }
}
