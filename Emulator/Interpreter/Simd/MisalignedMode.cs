using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Misaligned operands of legacy SSE instructions while MXCSR.MM is set, which only a processor with <c>MisalignedSse</c> lets be set.</summary>
/// <remarks>
/// They are no #GP then, but #AC where RFLAGS.AC counts. MOVAPS, MOVAPD, MOVDQA, MOVNTDQA, the stores MOVNTPS, MOVNTPD, MOVNTDQ, and CMPXCHG16B
/// and FXSAVE with it, ask for alignment all the same. Only a misaligned operand comes here, so that others pay nothing.
/// Source: [APM1 "Misaligned Exception Mask (MM)"]; the exceptions and the half operands are measured.
/// </remarks>
internal static unsafe class MisalignedMode
{
    private const int OperandBytes = 16;
    private const int HalfBytes = 8;

    /// <summary>True while MXCSR.MM is set.</summary>
    public static bool IsOn(CpuState* s) => (s->Mxcsr & FxRules.MisalignedMode) != 0;

    /// <summary>The 16 bytes at <paramref name="address"/>; null when they fault.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Read(Vcpu vcpu, Op* op, ulong address) => !vcpu.Data.ChecksAlignment && IsHalf(vcpu.InstructionOf(op).Mnemonic)
        ? vcpu.Data.ReadStart(address, HalfBytes, OperandBytes)
        : vcpu.Data.ReadMiss(address, OperandBytes);

    /// <summary>The instructions that use the lower half alone do not ask for the upper one, which may lie in a bad page.</summary>
    private static bool IsHalf(Mnemonic mnemonic) => mnemonic is Mnemonic.Psllw or Mnemonic.Pslld or Mnemonic.Psllq
        or Mnemonic.Psrlw or Mnemonic.Psrld or Mnemonic.Psrlq or Mnemonic.Psraw or Mnemonic.Psrad
        or Mnemonic.Punpcklbw or Mnemonic.Punpcklwd or Mnemonic.Punpckldq or Mnemonic.Punpcklqdq or Mnemonic.Unpcklps or Mnemonic.Unpcklpd;
}
