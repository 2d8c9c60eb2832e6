using System.Numerics;
using System.Runtime.CompilerServices;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Bits of RFLAGS, and the arithmetic flags derived from what set them last.</summary>
/// <remarks>Source: [SDM1 Basic Execution Environment, "EFLAGS Register"].</remarks>
public static unsafe class Rflags
{
    /// <summary>Carry.</summary>
    public const ulong CF = 1 << 0;

    /// <summary>Parity of the low result byte: set when the number of ones is even.</summary>
    public const ulong PF = 1 << 2;

    /// <summary>Carry out of bit 3.</summary>
    public const ulong AF = 1 << 4;

    /// <summary>Zero.</summary>
    public const ulong ZF = 1 << 6;

    /// <summary>Sign.</summary>
    public const ulong SF = 1 << 7;

    /// <summary>Trap: single-step.</summary>
    public const ulong TF = 1 << 8;

    /// <summary>Interrupts enabled.</summary>
    public const ulong IF = 1 << 9;

    /// <summary>Direction of string instructions: set means downward.</summary>
    public const ulong DF = 1 << 10;

    /// <summary>Signed overflow.</summary>
    public const ulong OF = 1 << 11;

    /// <summary>I/O privilege level, two bits.</summary>
    public const ulong Iopl = 3 << 12;

    /// <summary>Nested task.</summary>
    public const ulong NT = 1 << 14;

    /// <summary>Resume: suppresses instruction breakpoints once.</summary>
    public const ulong RF = 1 << 16;

    /// <summary>Alignment check; with SMAP, lifts it for explicit supervisor accesses.</summary>
    public const ulong AC = 1 << 18;

    /// <summary>CPUID exists.</summary>
    public const ulong ID = 1 << 21;

    /// <summary>Bit 1, always set.</summary>
    public const ulong AlwaysSet = 1 << 1;

    /// <summary>The six arithmetic flags.</summary>
    public const ulong Arithmetic = CF | PF | AF | ZF | SF | OF;

    /// <summary>RFLAGS as an instruction that reads it sees it; the state stays lazy.</summary>
    public static ulong Read(CpuState* s) =>
        s->FlagKind == FlagKind.Eager ? s->Rflags : (s->Rflags & ~Arithmetic) | Derive(s);

    /// <summary>Puts the derived flags into RFLAGS and makes them eager; returns RFLAGS.</summary>
    public static ulong Settle(CpuState* s)
    {
        if (s->FlagKind != FlagKind.Eager)
        {
            s->Rflags = (s->Rflags & ~Arithmetic) | Derive(s);
            s->FlagKind = FlagKind.Eager;
        }

        return s->Rflags;
    }

    /// <summary>Sets all of RFLAGS; bit 1 is forced on.</summary>
    public static void Write(CpuState* s, ulong value)
    {
        s->Rflags = value | AlwaysSet;
        s->FlagKind = FlagKind.Eager;
    }

    /// <summary>Sets the six arithmetic flags from <paramref name="value"/> and leaves the others.</summary>
    public static void WriteArithmetic(CpuState* s, ulong value)
    {
        s->Rflags = (s->Rflags & ~Arithmetic) | (value & Arithmetic);
        s->FlagKind = FlagKind.Eager;
    }

    /// <summary>CF alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Carry(CpuState* s) => s->FlagKind switch
    {
        FlagKind.Sub => s->FlagA < s->FlagB,
        FlagKind.Add => s->FlagResult < s->FlagA,
        FlagKind.Logic => false,
        FlagKind.Eager => (s->Rflags & CF) != 0,
        FlagKind.Carry or FlagKind.Borrow or FlagKind.Stash => (s->FlagStash & CF) != 0,
    };

    /// <summary>ZF alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Zero(CpuState* s) => s->FlagKind == FlagKind.Eager ? (s->Rflags & ZF) != 0 : s->FlagResult == 0;

    /// <summary>SF alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Sign(CpuState* s) => s->FlagKind == FlagKind.Eager ? (s->Rflags & SF) != 0 : (long)s->FlagResult < 0;

    /// <summary>OF alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Overflow(CpuState* s) => s->FlagKind switch
    {
        FlagKind.Sub or FlagKind.Borrow => (long)((s->FlagA ^ s->FlagB) & (s->FlagA ^ s->FlagResult)) < 0,
        FlagKind.Add or FlagKind.Carry => (long)((s->FlagA ^ s->FlagResult) & (s->FlagB ^ s->FlagResult)) < 0,
        FlagKind.Logic => false,
        FlagKind.Eager => (s->Rflags & OF) != 0,
        FlagKind.Stash => (s->FlagStash & OF) != 0,
    };

    /// <summary>PF alone.</summary>
    public static bool Parity(CpuState* s) =>
        s->FlagKind == FlagKind.Eager
            ? (s->Rflags & PF) != 0
            : (BitOperations.PopCount((uint)(s->FlagResult >> s->FlagShift) & 0xFF) & 1) == 0;

    /// <summary>AF alone.</summary>
    public static bool Adjust(CpuState* s) => s->FlagKind switch
    {
        FlagKind.Add or FlagKind.Sub or FlagKind.Carry or FlagKind.Borrow =>
            (((s->FlagA ^ s->FlagB ^ s->FlagResult) >> (s->FlagShift + 4)) & 1) != 0,
        FlagKind.Stash => (s->FlagStash & AF) != 0,
        FlagKind.Logic => false,
        FlagKind.Eager => (s->Rflags & AF) != 0,
    };

    private static ulong Derive(CpuState* s)
    {
        ulong flags = 0;
        flags |= Carry(s) ? CF : 0;
        flags |= Parity(s) ? PF : 0;
        flags |= Adjust(s) ? AF : 0;
        flags |= Zero(s) ? ZF : 0;
        flags |= Sign(s) ? SF : 0;
        flags |= Overflow(s) ? OF : 0;
        return flags;
    }
}
