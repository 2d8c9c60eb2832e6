using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Makes instructions of a code with random operands, from Iced's operand tables.</summary>
public sealed class InstructionMaker(FuzzRandom random)
{
    private readonly ByteWriter _writer = new();

    /// <summary>True when operands of this kind can be made.</summary>
    public static bool Knows(OpCodeOperandKind kind) => kind is
        not (OpCodeOperandKind.farbr2_2 or OpCodeOperandKind.farbr4_2 or OpCodeOperandKind.bnd_reg or OpCodeOperandKind.bnd_or_mem_mpx
        or OpCodeOperandKind.mem_mpx or OpCodeOperandKind.mem_mib or OpCodeOperandKind.k_reg or OpCodeOperandKind.k_rm or OpCodeOperandKind.k_vvvv
        or OpCodeOperandKind.k_or_mem or OpCodeOperandKind.tmm_reg or OpCodeOperandKind.tmm_rm or OpCodeOperandKind.tmm_vvvv or OpCodeOperandKind.sibmem
        or OpCodeOperandKind.xbegin_2 or OpCodeOperandKind.xbegin_4 or OpCodeOperandKind.r32_reg_mem or OpCodeOperandKind.r64_reg_mem
        or OpCodeOperandKind.br32_1 or OpCodeOperandKind.br32_4
        or OpCodeOperandKind.xmm_is5 or OpCodeOperandKind.ymm_is5 or OpCodeOperandKind.imm4_m2z);

    /// <summary>Makes one that lies at <paramref name="rip"/> and branches, if it does, to <paramref name="landing"/>; false when the operands cannot be encoded together.</summary>
    public bool TryMake(Code code, ulong rip, ulong landing, out Instruction instruction, out byte[] bytes)
    {
        OpCodeInfo info = code.ToOpCode();
        instruction = default;
        instruction.Code = code;
        instruction.IP = rip;
        bool memory = random.Next(2) == 0;
        for (int i = 0; i < info.OpCount; i++)
        {
            SetOperand(ref instruction, i, info.GetOpKind(i), new Choice(memory, landing));
        }

        Decorate(ref instruction, info);
        _writer.Clear();
        bool encoded = Encoder.Create(64, _writer).TryEncode(instruction, rip, out uint length, out _);
        bytes = _writer.ToArray();
        instruction.Length = (int)length;
        instruction.NextIP = rip + length;
        return encoded;
    }

    private void SetOperand(ref Instruction instruction, int i, OpCodeOperandKind kind, Choice choice)
    {
        if (!TrySetImmediate(ref instruction, i, kind) && !TrySetImplied(ref instruction, i, kind) && !TrySetMemory(ref instruction, i, kind, choice.Memory))
        {
            switch (kind)
            {
                case OpCodeOperandKind.br64_1 or OpCodeOperandKind.br64_4:
                    instruction.SetOpKind(i, OpKind.NearBranch64);
                    instruction.NearBranch64 = choice.Landing;
                    break;
                case OpCodeOperandKind.br16_1 or OpCodeOperandKind.br16_2:
                    instruction.SetOpKind(i, OpKind.NearBranch16);
                    instruction.NearBranch16 = (ushort)choice.Landing;
                    break;
                default:
                    instruction.SetOpRegister(i, RegisterOf(kind));
                    break;
            }
        }
    }

    private Register RegisterOf(OpCodeOperandKind kind) => kind switch
    {
        OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r8_reg or OpCodeOperandKind.r8_opcode => ByteRegister(),
        OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r16_reg or OpCodeOperandKind.r16_rm or OpCodeOperandKind.r16_opcode => Register.AX + General(),
        OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r32_or_mem_mpx or OpCodeOperandKind.r32_reg or OpCodeOperandKind.r32_rm
            or OpCodeOperandKind.r32_opcode or OpCodeOperandKind.r32_vvvv => Register.EAX + General(),
        OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.r64_or_mem_mpx or OpCodeOperandKind.r64_reg or OpCodeOperandKind.r64_rm
            or OpCodeOperandKind.r64_opcode or OpCodeOperandKind.r64_vvvv => Register.RAX + General(),
        OpCodeOperandKind.seg_reg => random.Of<Register>([Register.ES, Register.CS, Register.SS, Register.DS, Register.FS, Register.GS]),
        OpCodeOperandKind.cr_reg => random.Of<Register>([Register.CR0, Register.CR2, Register.CR3, Register.CR4, Register.CR8]),
        OpCodeOperandKind.dr_reg => Register.DR0 + random.Next(8),
        OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm => Register.MM0 + random.Next(8),
        OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.xmm_vvvv
            or OpCodeOperandKind.xmm_is4 => Register.XMM0 + random.Next(16),
        OpCodeOperandKind.ymm_or_mem or OpCodeOperandKind.ymm_reg or OpCodeOperandKind.ymm_rm or OpCodeOperandKind.ymm_vvvv
            or OpCodeOperandKind.ymm_is4 => Register.YMM0 + random.Next(16),
        OpCodeOperandKind.sti_opcode => Register.ST0 + random.Next(8),
        _ => throw new NotSupportedException(kind.ToString()),
    };

    private static bool TrySetImplied(ref Instruction instruction, int i, OpCodeOperandKind kind)
    {
        Register register = kind switch
        {
            OpCodeOperandKind.al => Register.AL,
            OpCodeOperandKind.ax => Register.AX,
            OpCodeOperandKind.eax => Register.EAX,
            OpCodeOperandKind.rax => Register.RAX,
            OpCodeOperandKind.cl => Register.CL,
            OpCodeOperandKind.dx => Register.DX,
            OpCodeOperandKind.es => Register.ES,
            OpCodeOperandKind.cs => Register.CS,
            OpCodeOperandKind.ss => Register.SS,
            OpCodeOperandKind.ds => Register.DS,
            OpCodeOperandKind.fs => Register.FS,
            OpCodeOperandKind.gs => Register.GS,
            OpCodeOperandKind.st0 => Register.ST0,
            _ => Register.None,
        };
        if (register != Register.None)
        {
            instruction.SetOpRegister(i, register);
        }

        return register != Register.None;
    }

    private bool TrySetImmediate(ref Instruction instruction, int i, OpCodeOperandKind kind)
    {
        (OpKind op, ulong value) = kind switch
        {
            OpCodeOperandKind.imm8 => (OpKind.Immediate8, Byte()),
            OpCodeOperandKind.imm8_const_1 => (OpKind.Immediate8, 1UL),
            OpCodeOperandKind.imm8sex16 => (OpKind.Immediate8to16, (ulong)(sbyte)Byte()),
            OpCodeOperandKind.imm8sex32 => (OpKind.Immediate8to32, (ulong)(sbyte)Byte()),
            OpCodeOperandKind.imm8sex64 => (OpKind.Immediate8to64, (ulong)(sbyte)Byte()),
            OpCodeOperandKind.imm16 => (OpKind.Immediate16, instruction.Mnemonic is Mnemonic.Enter or Mnemonic.Ret ? (ulong)random.Next(64) : (ushort)FuzzValues.Word(random)),
            OpCodeOperandKind.imm32 => (OpKind.Immediate32, (uint)FuzzValues.Word(random)),
            OpCodeOperandKind.imm32sex64 => (OpKind.Immediate32to64, (ulong)(int)FuzzValues.Word(random)),
            OpCodeOperandKind.imm64 => (OpKind.Immediate64, FuzzValues.Word(random)),
            _ => (OpKind.Register, 0UL),
        };
        if (op != OpKind.Register)
        {
            bool second = instruction.Mnemonic is Mnemonic.Enter or Mnemonic.Extrq or Mnemonic.Insertq && i > 0 && instruction.GetOpKind(i - 1) is OpKind.Immediate16 or OpKind.Immediate8;
            instruction.SetOpKind(i, second ? OpKind.Immediate8_2nd : op);
            bool bounded = instruction.Code is Code.Shld_rm16_r16_imm8 or Code.Shrd_rm16_r16_imm8;
            instruction.SetImmediate(i, second || bounded ? (ulong)random.Next(second ? 4 : 17) : value);
        }

        return op != OpKind.Register;
    }

    private bool TrySetMemory(ref Instruction instruction, int i, OpCodeOperandKind kind, bool memory)
    {
        bool narrow = random.OneIn(8);
        switch (kind)
        {
            case OpCodeOperandKind.seg_rSI:
                instruction.SetOpKind(i, narrow && i == 0 ? OpKind.MemorySegESI : OpKind.MemorySegRSI);
                return true;
            case OpCodeOperandKind.es_rDI:
                bool first = i == 0 || instruction.GetOpKind(0) != OpKind.MemorySegESI;
                instruction.SetOpKind(i, (i == 0 && narrow && instruction.OpCount == 1) || !first ? OpKind.MemoryESEDI : OpKind.MemoryESRDI);
                return true;
            case OpCodeOperandKind.seg_rDI:
                instruction.SetOpKind(i, narrow ? OpKind.MemorySegEDI : OpKind.MemorySegRDI);
                return true;
            case OpCodeOperandKind.seg_rBX_al:
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = narrow ? Register.EBX : Register.RBX;
                instruction.MemoryIndex = Register.AL;
                return true;
            case OpCodeOperandKind.mem_offs:
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryDisplSize = narrow ? 4 : 8;
                instruction.MemoryDisplacement64 = FuzzSpots.Address(random, 8);
                return true;
            case OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib64x:
                SetGeneral(ref instruction, i, narrow, Register.XMM0);
                return true;
            case OpCodeOperandKind.mem_vsib32y or OpCodeOperandKind.mem_vsib64y:
                SetGeneral(ref instruction, i, narrow, Register.YMM0);
                return true;
            case OpCodeOperandKind.mem:
                SetGeneral(ref instruction, i, narrow, Register.None);
                return true;
            case OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem
                or OpCodeOperandKind.r32_or_mem_mpx or OpCodeOperandKind.r64_or_mem_mpx
                or OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.ymm_or_mem when memory:
                SetGeneral(ref instruction, i, narrow, Register.None);
                return true;
            default:
                return false;
        }
    }

    /// <summary>ModRM memory: registers, RIP-relative or absolute; <paramref name="vectors"/> is the first register of a vector index, or none.</summary>
    private void SetGeneral(ref Instruction instruction, int i, bool narrow, Register vectors)
    {
        instruction.SetOpKind(i, OpKind.Memory);
        if (random.OneIn(6))
        {
            instruction.SegmentPrefix = random.Of<Register>([Register.FS, Register.GS, Register.FS, Register.GS, Register.DS, Register.SS, Register.ES]);
        }

        Register first = narrow ? Register.EAX : Register.RAX;
        int form = vectors == Register.None && !CaseTuning.NeedsAlignment(instruction) ? random.Next(10) : 9;
        if (form < 2)
        {
            instruction.MemoryBase = form == 0 ? (narrow ? Register.EIP : Register.RIP) : Register.None;
            instruction.MemoryDisplSize = form == 0 || !narrow ? 8 : 4;
            instruction.MemoryDisplacement64 = FuzzSpots.Address(random, FuzzSpots.SizeOf(instruction)) - FuzzSpots.SegmentBase(instruction);
            return;
        }

        instruction.MemoryBase = first + General();
        if (vectors != Register.None)
        {
            instruction.MemoryIndex = vectors + random.Next(16);
            instruction.MemoryIndexScale = 1 << random.Next(4);
        }
        else if (form < 6 && General() is var index and not 4)
        {
            instruction.MemoryIndex = first + index;
            instruction.MemoryIndexScale = 1 << random.Next(4);
            instruction.MemoryBase = random.OneIn(8) ? Register.None : instruction.MemoryBase;
        }

        bool bare = instruction.MemoryBase == Register.None;
        instruction.MemoryDisplSize = bare ? (narrow ? 4 : 8) : random.Next(3) switch { 0 => 0, 1 => 1, _ => narrow ? 4 : 8 };
        instruction.MemoryDisplacement64 = instruction.MemoryDisplSize switch
        {
            0 => 0,
            1 => (ulong)(sbyte)random.Next(256),
            _ => random.OneIn(16) ? (ulong)(int)FuzzValues.Word(random) : (ulong)random.Next(-1000, 1000),
        };
        if (narrow)
        {
            instruction.MemoryDisplacement64 &= uint.MaxValue;
        }
    }

    private void Decorate(ref Instruction instruction, OpCodeInfo info)
    {
        if (instruction.IsStringInstruction)
        {
            instruction.HasRepPrefix = random.OneIn(3);
            instruction.HasRepnePrefix = !instruction.HasRepPrefix && random.OneIn(3);
            instruction.SegmentPrefix = random.OneIn(8) ? Register.GS : Register.None;
        }

        instruction.HasLockPrefix = info.CanUseLockPrefix && instruction.Op0Kind == OpKind.Memory && random.OneIn(4);
    }

    private Register ByteRegister()
    {
        int number = General();
        return random.OneIn(5) ? Register.AH + (number & 3) : number switch
        {
            < 4 => Register.AL + number,
            < 8 => Register.SPL + (number - 4),
            _ => Register.R8L + (number - 8),
        };
    }

    private int General() => random.Next(16);

    private ulong Byte() => random.OneIn(2) ? (ulong)random.Next(256) : (byte)FuzzValues.Word(random);

    private readonly record struct Choice(bool Memory, ulong Landing);

    private sealed class ByteWriter : CodeWriter
    {
        private readonly List<byte> _bytes = [];

        public override void WriteByte(byte value) => _bytes.Add(value);

        public void Clear() => _bytes.Clear();

        public byte[] ToArray() => [.. _bytes];
    }
}
