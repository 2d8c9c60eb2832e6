using System.Buffers.Binary;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Signals;

/// <summary>What a signal frame saves besides the registers.</summary>
/// <param name="Mask">Signals blocked before.</param>
/// <param name="Alt">The alternate stack.</param>
/// <param name="Trap">The last exception.</param>
/// <param name="FpState">Where x87 and vector registers lie.</param>
/// <param name="Xstate">True when they lie there as an XSAVE area: UC_FP_XSTATE.</param>
internal readonly record struct SavedSignalState(SignalSet Mask, AltStack Alt, TrapRecord Trap, VirtAddr FpState, bool Xstate);

/// <summary>struct rt_sigframe as bytes of guest memory.</summary>
/// <remarks>
/// <code>
///    0 pretcode
///    8 uc_flags   16 uc_link   24 uc_stack (sp, flags, size)
///   48 R8..R15 RDI RSI RBP RBX RDX RAX RCX RSP RIP EFLAGS     192 CS GS FS SS (16 bits each)
///  200 err   208 trapno   216 oldmask   224 cr2   232 fpstate   240 reserved, 64 bytes
///  304 uc_sigmask
///  312 siginfo, 128 bytes
/// </code>
/// Source: [Linux arch/x86/include/asm/sigframe.h; arch/x86/include/uapi/asm/sigcontext.h, struct sigcontext_64].
/// </remarks>
internal static class SignalFrameLayout
{
    /// <summary>Length of the frame.</summary>
    public const int Bytes = 440;

    /// <summary>Offset of the ucontext, the handler's third argument.</summary>
    public const int UContext = 8;

    /// <summary>Offset of the siginfo, the handler's second argument.</summary>
    public const int Info = 312;

    /// <summary>RFLAGS bits that a handler may change in the frame.</summary>
    /// <remarks>Source: [Linux arch/x86/kernel/signal.c, FIX_EFLAGS].</remarks>
    public const ulong FixFlags = Rflags.AC | Rflags.OF | Rflags.DF | Rflags.TF | Rflags.SF | Rflags.ZF | Rflags.AF | Rflags.PF | Rflags.CF | Rflags.RF;

    /// <summary>UC_SIGCONTEXT_SS and UC_STRICT_RESTORE_SS.</summary>
    private const ulong ContextFlags = 6;

    /// <summary>UC_FP_XSTATE.</summary>
    private const ulong XstateFlag = 1;

    private const int Stack = 24;
    private const int Registers = 48;
    private const int Segments = 192;
    private const int Error = 200;
    private const int FpState = 232;
    private const int Mask = 304;
    private const ushort UserCs = 0x33;
    private const ushort UserSs = 0x2B;

    /// <summary>Iced's register numbers in the frame's order: R8 to R15, RDI, RSI, RBP, RBX, RDX, RAX, RCX, RSP.</summary>
    private static ReadOnlySpan<byte> Order => [8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 3, 2, 0, 1, 4];

    /// <summary>Writes a frame.</summary>
    public static void Write(Span<byte> to, UserContext registers, in SavedSignalState state, in SigInfo info)
    {
        to[..Bytes].Clear();
        Put(to, UContext, state.Xstate ? ContextFlags | XstateFlag : ContextFlags);
        Put(to, Stack, state.Alt.Start.Raw);
        Put(to, Stack + 8, (uint)state.Alt.Flags);
        Put(to, Stack + 16, state.Alt.SizeBytes);
        for (int i = 0; i < Order.Length; i++)
        {
            Put(to, Registers + (i * 8), registers.Registers[Order[i]]);
        }

        Put(to, Registers + 128, registers.Rip);
        Put(to, Registers + 136, registers.Rflags);
        BinaryPrimitives.WriteUInt16LittleEndian(to[Segments..], UserCs);
        BinaryPrimitives.WriteUInt16LittleEndian(to[(Segments + 6)..], UserSs);
        Put(to, Error, state.Trap.ErrorCode);
        Put(to, Error + 8, state.Trap.Number);
        Put(to, Error + 16, state.Mask.Bits);
        Put(to, Error + 24, state.Trap.Cr2.Raw);
        Put(to, FpState, state.FpState.Raw);
        Put(to, Mask, state.Mask.Bits);
        SigInfoLayout.Write(info, to[Info..]);
    }

    /// <summary>Reads the registers back; RFLAGS changes only in <see cref="FixFlags"/>.</summary>
    public static SavedSignalState Read(ReadOnlySpan<byte> from, UserContext registers)
    {
        for (int i = 0; i < Order.Length; i++)
        {
            registers.Registers[Order[i]] = Get(from, Registers + (i * 8));
        }

        registers.Rip = Get(from, Registers + 128);
        registers.Rflags = (registers.Rflags & ~FixFlags) | (Get(from, Registers + 136) & FixFlags);
        AltStack alt = new(new VirtAddr(Get(from, Stack)), Get(from, Stack + 16), unchecked((int)(uint)Get(from, Stack + 8)));
        return new SavedSignalState(
            new SignalSet(Get(from, Mask)), alt, default, new VirtAddr(Get(from, FpState)), (Get(from, UContext) & XstateFlag) != 0);
    }

    private static void Put(Span<byte> to, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(to[at..], value);

    private static ulong Get(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt64LittleEndian(from[at..]);
}
