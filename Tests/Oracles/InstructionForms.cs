using Iced.Intel;

namespace MmuEmu.Tests.Oracles;

/// <summary>Makes runnable instructions of a given code: register forms and memory forms, from Iced's operand tables.</summary>
/// <remarks>Memory operands are [RBX + displacement], implied ones [RDI]; integer registers are RAX (first) and RCX. The three registers of a gather differ.</remarks>
public static class InstructionForms
{
    /// <summary>Every code of 64-bit mode that belongs to one of <paramref name="features"/>.</summary>
    public static IEnumerable<Code> CodesOf(params CpuidFeature[] features) =>
        Enum.GetValues<Code>().Where(code => code.ToOpCode().Mode64
            && code.ToOpCode().Encoding is EncodingKind.Legacy or EncodingKind.VEX
            && code.CpuidFeatures().Intersect(features).Any());

    /// <summary>The encoded forms of <paramref name="code"/>: at most one with registers only and one with memory.</summary>
    public static IEnumerable<byte[]> FormsOf(Code code, Random random)
    {
        foreach (bool memory in (bool[])[false, true])
        {
            if (TryMake(code, memory, random, out byte[] bytes))
            {
                yield return bytes;
            }
        }
    }

    private static bool TryMake(Code code, bool memory, Random random, out byte[] bytes)
    {
        bytes = [];
        OpCodeInfo info = code.ToOpCode();
        Instruction instruction = default;
        instruction.Code = code;
        bool usedMemory = false;
        int vector = random.Next(16);
        bool coincide = !IsGather(code);
        for (int i = 0; i < info.OpCount; i++)
        {
            switch (info.GetOpKind(i))
            {
                case OpCodeOperandKind.mem:
                    usedMemory = true;
                    SetMemory(ref instruction, i, random);
                    break;
                case OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.ymm_or_mem or OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.r32_or_mem
                    or OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.r16_or_mem when memory:
                    usedMemory = true;
                    SetMemory(ref instruction, i, random);
                    break;
                case OpCodeOperandKind.ymm_reg or OpCodeOperandKind.ymm_rm or OpCodeOperandKind.ymm_or_mem or OpCodeOperandKind.ymm_vvvv
                    or OpCodeOperandKind.ymm_is4:
                    instruction.SetOpRegister(i, Register.YMM0 + ((vector + (coincide && random.Next(8) == 0 ? 0 : i * 5)) & 15));
                    break;
                case OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.xmm_vvvv
                    or OpCodeOperandKind.xmm_is4:
                    instruction.SetOpRegister(i, Register.XMM0 + ((vector + (coincide && random.Next(8) == 0 ? 0 : i * 5)) & 15));
                    break;
                case OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm or OpCodeOperandKind.mm_or_mem:
                    instruction.SetOpRegister(i, Register.MM0 + ((vector + i) & 7));
                    break;
                case OpCodeOperandKind.r32_reg or OpCodeOperandKind.r32_rm or OpCodeOperandKind.r32_or_mem:
                    instruction.SetOpRegister(i, i == 0 ? Register.EAX : Register.ECX);
                    break;
                case OpCodeOperandKind.r64_reg or OpCodeOperandKind.r64_rm or OpCodeOperandKind.r64_or_mem:
                    instruction.SetOpRegister(i, i == 0 ? Register.RAX : Register.RCX);
                    break;
                case OpCodeOperandKind.imm8:
                    instruction.SetOpKind(i, OpKind.Immediate8);
                    instruction.Immediate8 = ImmediateOf(code, random);
                    break;
                case OpCodeOperandKind.st0:
                    instruction.SetOpRegister(i, Register.ST0);
                    break;
                case OpCodeOperandKind.sti_opcode:
                    instruction.SetOpRegister(i, Register.ST0 + random.Next(8));
                    break;
                case OpCodeOperandKind.ax:
                    instruction.SetOpRegister(i, Register.AX);
                    break;
                case OpCodeOperandKind.seg_rDI:
                    instruction.SetOpKind(i, OpKind.MemorySegRDI);
                    break;
                case OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib64x:
                    usedMemory = true;
                    SetGather(ref instruction, i, Register.XMM0 + ((vector + 7) & 15), random);
                    break;
                case OpCodeOperandKind.mem_vsib32y or OpCodeOperandKind.mem_vsib64y:
                    usedMemory = true;
                    SetGather(ref instruction, i, Register.YMM0 + ((vector + 7) & 15), random);
                    break;
                default:
                    throw new NotSupportedException($"{code}: operand {info.GetOpKind(i)}");
            }
        }

        if (usedMemory != memory)
        {
            return false;
        }

        BlockEncoderWriter writer = new();
        Encoder encoder = Encoder.Create(64, writer);
        bool encoded = encoder.TryEncode(instruction, 0, out _, out _);
        bytes = writer.ToArray();
        return encoded;
    }

    private static byte ImmediateOf(Code code, Random random) =>
        code.ToString().StartsWith("Ps", StringComparison.Ordinal) && random.Next(3) > 0
            ? (byte)random.Next(20)
            : code.Mnemonic() is Mnemonic.Cmpps or Mnemonic.Cmppd or Mnemonic.Cmpss or Mnemonic.Cmpsd
                ? (byte)random.Next(8)
                : (byte)random.Next(256);

    private static void SetMemory(ref Instruction instruction, int operand, Random random)
    {
        instruction.SetOpKind(operand, OpKind.Memory);
        instruction.MemoryBase = Register.RBX;
        instruction.MemoryDisplacement64 = (ulong)(NeedsAlignment(instruction.Code) ? 32 * random.Next(1, 4) : random.Next(16, 120));
        instruction.MemoryDisplSize = 8;
    }

    /// <summary>True for instructions whose address has a vector of indices.</summary>
    public static bool IsGather(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        return info.OpCount == 3 && info.Op1Kind is OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib32y
            or OpCodeOperandKind.mem_vsib64x or OpCodeOperandKind.mem_vsib64y;
    }

    private static void SetGather(ref Instruction instruction, int operand, Register index, Random random)
    {
        SetMemory(ref instruction, operand, random);
        instruction.MemoryIndex = index;
        instruction.MemoryIndexScale = 1 << random.Next(4);
        instruction.MemoryDisplacement64 = (ulong)random.Next(32, 60);
    }

    /// <summary>Legacy operands of 16 bytes, unless the mnemonic says unaligned; under VEX only moves that say aligned.</summary>
    private static bool NeedsAlignment(Code code) => code.ToOpCode().Encoding == EncodingKind.Legacy
        ? code.Mnemonic() is not (Mnemonic.Movups or Mnemonic.Movupd or Mnemonic.Movdqu) && code.ToOpCode().MemorySize.GetSize() is 16 or 512
        : code.Mnemonic() is Mnemonic.Vmovaps or Mnemonic.Vmovapd or Mnemonic.Vmovdqa or Mnemonic.Vmovntps or Mnemonic.Vmovntpd
            or Mnemonic.Vmovntdq or Mnemonic.Vmovntdqa;

    private sealed class BlockEncoderWriter : CodeWriter
    {
        private readonly List<byte> _bytes = [];

        public override void WriteByte(byte value) => _bytes.Add(value);

        public byte[] ToArray() => [.. _bytes];
    }
}
