using System.Buffers.Binary;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Address, opcode and operand of the last x87 instruction in the images of FXSAVE and XSAVE.</summary>
/// <remarks>
/// <code>
///   with REX.W     6 FOP   8 FIP (64 bits)              16 FDP (64 bits)
///   without        6 FOP   8 FIP (32 bits)   12 FCS     16 FDP (32 bits)   20 FDS
/// </code>
/// Saved only while an unmasked exception is pending, else as zero; always restored. So AMD's processors do since they have
/// RstrFpErrPtrs; Intel's save them always. Source: [APM2 "Saving Media and x87 State"], [SDM2 "FXSAVE"].
/// </remarks>
internal static unsafe class FpuPointers
{
    private const ushort Pending = 0x0080;
    private const ushort OpcodeBits = 0x7FF;
    private const int Opcode = 6;
    private const int Instruction = 8;
    private const int Operand = 16;
    private const int End = 24;
    private const int AboveCanonical = 7;

    /// <summary>Writes bytes 6 to 23 in the form with REX.W.</summary>
    public static void Save(CpuState* s, Span<byte> image)
    {
        image[Opcode..End].Clear();
        if ((s->FpuStatus & Pending) != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(image[Opcode..], (ushort)s->FpuOpcode);
            BinaryPrimitives.WriteUInt64LittleEndian(image[Instruction..], s->FpuIp);
            BinaryPrimitives.WriteUInt64LittleEndian(image[Operand..], s->FpuDp);
        }
    }

    /// <summary>Takes them from bytes 6 to 23; the selectors become zero.</summary>
    public static void Load(CpuState* s, ReadOnlySpan<byte> image)
    {
        s->FpuOpcode = (uint)BinaryPrimitives.ReadUInt16LittleEndian(image[Opcode..]) & OpcodeBits;
        s->FpuIp = Canonical(BinaryPrimitives.ReadInt64LittleEndian(image[Instruction..]));
        s->FpuDp = Canonical(BinaryPrimitives.ReadInt64LittleEndian(image[Operand..]));
        (s->FpuCs, s->FpuDs) = (0, 0);
    }

    /// <summary>Turns what <see cref="Save"/> wrote into the form without REX.W.</summary>
    public static void Narrow(CpuState* s, Span<byte> image)
    {
        if ((s->FpuStatus & Pending) != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(image[(Instruction + 4)..], s->FpuCs);
            BinaryPrimitives.WriteUInt32LittleEndian(image[(Operand + 4)..], (uint)s->FpuDs);
        }
    }

    /// <summary>Corrects what <see cref="Load"/> took from an image in the form without REX.W.</summary>
    public static void Widen(CpuState* s, ReadOnlySpan<byte> image)
    {
        s->FpuIp = BinaryPrimitives.ReadUInt32LittleEndian(image[Instruction..]);
        s->FpuDp = BinaryPrimitives.ReadUInt32LittleEndian(image[Operand..]);
        s->FpuCs = BinaryPrimitives.ReadUInt16LittleEndian(image[(Instruction + 4)..]);
        s->FpuDs = BinaryPrimitives.ReadUInt16LittleEndian(image[(Operand + 4)..]);
    }

    /// <summary>Bit 56, the highest of an address, repeated in the bits above it.</summary>
    private static ulong Canonical(long value) => (ulong)(value << AboveCanonical >> AboveCanonical);
}
