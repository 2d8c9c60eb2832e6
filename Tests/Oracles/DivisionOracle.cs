using System.Numerics;
using Iced.Intel;

namespace MmuEmu.Tests.Oracles;

/// <summary>Tells with big numbers whether a DIV or IDIV raises #DE, so that the host is never asked to.</summary>
public static class DivisionOracle
{
    /// <summary>True when <paramref name="instruction"/> divides by zero or its quotient does not fit.</summary>
    public static bool Raises(in Instruction instruction, ulong[] registers, Func<ulong, ulong> memory)
    {
        if (instruction.Mnemonic is not (Mnemonic.Div or Mnemonic.Idiv))
        {
            return false;
        }

        bool signed = instruction.Mnemonic == Mnemonic.Idiv;
        int bits = 8 * (instruction.Op0Kind == OpKind.Register ? instruction.Op0Register.GetSize() : instruction.MemorySize.GetSize());
        ulong mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        BigInteger low = (bits == 8 ? registers[0] & 0xFF : registers[0]) & mask;
        BigInteger high = (bits == 8 ? registers[0] >> 8 : registers[2]) & mask;
        BigInteger dividend = (high << bits) + low;
        BigInteger divisor = Operand(instruction, registers, memory) & mask;
        if (signed)
        {
            dividend = Signed(dividend, 2 * bits);
            divisor = Signed(divisor, bits);
        }

        if (divisor.IsZero)
        {
            return true;
        }

        BigInteger quotient = BigInteger.Divide(dividend, divisor);
        BigInteger limit = BigInteger.One << (signed ? bits - 1 : bits);
        return quotient >= limit || quotient < (signed ? -limit : 0);
    }

    private static ulong Operand(in Instruction instruction, ulong[] registers, Func<ulong, ulong> memory)
    {
        if (instruction.Op0Kind == OpKind.Register)
        {
            Register register = instruction.Op0Register;
            ulong value = registers[register.GetFullRegister().GetNumber()];
            return register is >= Register.AH and <= Register.BH ? registers[register - Register.AH] >> 8 : value;
        }

        ulong address = registers[instruction.MemoryBase.GetNumber()] + instruction.MemoryDisplacement64;
        address += instruction.MemoryIndex == Register.None ? 0 : registers[instruction.MemoryIndex.GetNumber()] * (ulong)instruction.MemoryIndexScale;
        return memory(instruction.MemoryBase.GetSize() == 4 ? (uint)address : address);
    }

    private static BigInteger Signed(BigInteger value, int bits) => value >> (bits - 1) == 0 ? value : value - (BigInteger.One << bits);
}
