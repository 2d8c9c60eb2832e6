using System.Buffers.Binary;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Address, opcode and operand of the last x87 instruction as a processor shows them.</summary>
/// <param name="Ip">FIP.</param>
/// <param name="Dp">FDP.</param>
/// <param name="Opcode">FOP, eleven bits.</param>
/// <param name="Cs">FCS.</param>
/// <param name="Ds">FDS.</param>
internal readonly record struct FpuLast(ulong Ip, ulong Dp, ushort Opcode, ushort Cs, ushort Ds);

/// <summary>Address, opcode and operand of the last x87 instruction in the images of FXSAVE and XSAVE.</summary>
/// <remarks>
/// <code>
///   with REX.W     6 FOP   8 FIP (64 bits)              16 FDP (64 bits)
///   without        6 FOP   8 FIP (32 bits)   12 FCS     16 FDP (32 bits)   20 FDS
/// </code>
/// When they are saved and what of them is kept is a matter of habits (<see cref="FxRules"/>); they are always restored.
/// Source: [APM2 "Saving Media and x87 State"], [SDM2 "FXSAVE"].
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

    /// <summary>What the environment of FNSTENV holds, and an image that holds them.</summary>
    public static FpuLast Shown(CpuState* s, in FxRules rules)
    {
        ushort cs = rules.HasSelectors ? s->FpuCs : (ushort)0;
        ushort ds = rules.HasSelectors ? s->FpuDs : (ushort)0;
        return rules.OperandOfExceptions
            ? new FpuLast(s->FpuIp, s->FpuRaisedDp, s->FpuRaisedOpcode, cs, ds)
            : new FpuLast(s->FpuIp, s->FpuDp, s->FpuOpcode, cs, ds);
    }

    /// <summary>Sets them, as an image or environment says.</summary>
    public static void Set(CpuState* s, in FpuLast last)
    {
        (s->FpuIp, s->FpuDp, s->FpuRaisedDp) = (last.Ip, last.Dp, last.Dp);
        (s->FpuOpcode, s->FpuRaisedOpcode) = (last.Opcode, last.Opcode);
        (s->FpuCs, s->FpuDs) = (last.Cs, last.Ds);
    }

    /// <summary>Writes bytes 6 to 23 in the form with REX.W.</summary>
    public static void Save(CpuState* s, Span<byte> image, in FxRules rules)
    {
        FpuLast last = InImage(s, rules);
        image[Opcode..End].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(image[Opcode..], last.Opcode);
        BinaryPrimitives.WriteUInt64LittleEndian(image[Instruction..], last.Ip);
        BinaryPrimitives.WriteUInt64LittleEndian(image[Operand..], last.Dp);
    }

    /// <summary>Takes them from bytes 6 to 23; the selectors become zero.</summary>
    public static void Load(CpuState* s, ReadOnlySpan<byte> image, in FxRules rules)
    {
        ulong operand = BinaryPrimitives.ReadUInt64LittleEndian(image[Operand..]);
        Set(s, new FpuLast(
            Canonical(BinaryPrimitives.ReadUInt64LittleEndian(image[Instruction..])),
            rules.KeepsWholeOperand ? operand : Canonical(operand),
            (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(image[Opcode..]) & OpcodeBits), 0, 0));
    }

    /// <summary>Turns what <see cref="Save"/> wrote into the form without REX.W.</summary>
    public static void Narrow(CpuState* s, Span<byte> image, in FxRules rules)
    {
        FpuLast last = InImage(s, rules);
        BinaryPrimitives.WriteUInt32LittleEndian(image[(Instruction + 4)..], last.Cs);
        BinaryPrimitives.WriteUInt32LittleEndian(image[(Operand + 4)..], last.Ds);
    }

    /// <summary>Corrects what <see cref="Load"/> took from an image in the form without REX.W.</summary>
    public static void Widen(CpuState* s, ReadOnlySpan<byte> image) => Set(s, new FpuLast(
        BinaryPrimitives.ReadUInt32LittleEndian(image[Instruction..]),
        BinaryPrimitives.ReadUInt32LittleEndian(image[Operand..]),
        s->FpuOpcode,
        BinaryPrimitives.ReadUInt16LittleEndian(image[(Instruction + 4)..]),
        BinaryPrimitives.ReadUInt16LittleEndian(image[(Operand + 4)..])));

    private static FpuLast InImage(CpuState* s, in FxRules rules) =>
        rules.AlwaysSavesPointers || (s->FpuStatus & Pending) != 0 ? Shown(s, rules) : default;

    /// <summary>Bit 56, the highest of an address, repeated in the bits above it.</summary>
    private static ulong Canonical(ulong value) => (ulong)((long)(value << AboveCanonical) >> AboveCanonical);
}
