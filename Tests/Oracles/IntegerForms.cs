using Iced.Intel;

namespace MmuEmu.Tests.Oracles;

/// <summary>Random integer instructions of 64-bit mode, made from Iced's operand tables.</summary>
/// <remarks>
/// RSP and R15 are never named. Memory operands lie in a region whose address is the same on the host and in the guest.
/// Left out: what leaves the straight line (jumps, traps, system calls), the stack, segments, ports, privileged and
/// identifying instructions; they have tests of their own.
/// </remarks>
public sealed class IntegerForms(ulong region, Random random)
{
    private static readonly CpuidFeature[] Features =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.X64, CpuidFeature.CMOV, CpuidFeature.CX8, CpuidFeature.CMPXCHG16B, CpuidFeature.MULTIBYTENOP,
        CpuidFeature.BMI1, CpuidFeature.BMI2, CpuidFeature.ADX, CpuidFeature.LZCNT, CpuidFeature.POPCNT, CpuidFeature.MOVBE,
        CpuidFeature.SSE4_2, CpuidFeature.PREFETCHW, CpuidFeature.CLFLUSHOPT, CpuidFeature.CLWB, CpuidFeature.CLFSH,
    ];

    private static readonly Mnemonic[] Excluded =
    [
        Mnemonic.Push, Mnemonic.Pop, Mnemonic.Pushf, Mnemonic.Pushfq, Mnemonic.Popf, Mnemonic.Popfq, Mnemonic.Enter, Mnemonic.Leave,
        Mnemonic.In, Mnemonic.Out, Mnemonic.Insb, Mnemonic.Insw, Mnemonic.Insd, Mnemonic.Outsb, Mnemonic.Outsw, Mnemonic.Outsd,
        Mnemonic.Cli, Mnemonic.Sti, Mnemonic.Hlt, Mnemonic.Lar, Mnemonic.Lsl, Mnemonic.Verr, Mnemonic.Verw, Mnemonic.Lfs,
        Mnemonic.Lgs, Mnemonic.Lss, Mnemonic.Sldt, Mnemonic.Str, Mnemonic.Sgdt, Mnemonic.Sidt, Mnemonic.Smsw, Mnemonic.Lmsw,
        Mnemonic.Wait, Mnemonic.Reservednop, Mnemonic.Pcmpestri, Mnemonic.Pcmpestrm, Mnemonic.Pcmpistri, Mnemonic.Pcmpistrm,
    ];

    private static readonly Register[] Usable = [.. Enumerable.Range(0, 15).Where(i => i != 4).Select(i => Register.RAX + i)];

    /// <summary>The codes that <see cref="TryMake"/> can make instructions of.</summary>
    public static IReadOnlyList<Code> Codes { get; } =
    [
        .. Enum.GetValues<Code>().Where(code => code.ToOpCode() is { Mode64: true, Encoding: EncodingKind.Legacy or EncodingKind.VEX } info
            && code.CpuidFeatures().All(Features.Contains)
            && code.FlowControl() == FlowControl.Next
            && !code.IsPrivileged()
            && code.ToOpCode().IsInstruction
            && !Excluded.Contains(code.Mnemonic())
            && Enumerable.Range(0, info.OpCount).All(i => IsKnown(info.GetOpKind(i)))),
    ];

    /// <summary>Makes one instruction of <paramref name="code"/>; false when the operands cannot be encoded together.</summary>
    public bool TryMake(Code code, out Instruction instruction, out byte[] bytes)
    {
        OpCodeInfo info = code.ToOpCode();
        instruction = default;
        instruction.Code = code;
        for (int i = 0; i < info.OpCount; i++)
        {
            SetOperand(ref instruction, i, info.GetOpKind(i));
        }

        Decorate(ref instruction, info);
        ByteWriter writer = new();
        Encoder encoder = Encoder.Create(64, writer);
        bool encoded = encoder.TryEncode(instruction, 0, out _, out _);
        bytes = writer.ToArray();
        return encoded && !NamesTheStack(instruction);
    }

    private static bool NamesTheStack(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Register && instruction.GetOpRegister(i).GetFullRegister() is Register.RSP or Register.R15)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsKnown(OpCodeOperandKind kind) => kind is
        OpCodeOperandKind.mem or OpCodeOperandKind.mem_offs
        or OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem
        or OpCodeOperandKind.r8_reg or OpCodeOperandKind.r16_reg or OpCodeOperandKind.r32_reg or OpCodeOperandKind.r64_reg
        or OpCodeOperandKind.r32_vvvv or OpCodeOperandKind.r64_vvvv
        or OpCodeOperandKind.r16_rm or OpCodeOperandKind.r32_rm or OpCodeOperandKind.r64_rm
        or OpCodeOperandKind.r8_opcode or OpCodeOperandKind.r16_opcode or OpCodeOperandKind.r32_opcode or OpCodeOperandKind.r64_opcode
        or OpCodeOperandKind.al or OpCodeOperandKind.ax or OpCodeOperandKind.eax or OpCodeOperandKind.rax or OpCodeOperandKind.cl
        or OpCodeOperandKind.imm8 or OpCodeOperandKind.imm8_const_1 or OpCodeOperandKind.imm8sex16 or OpCodeOperandKind.imm8sex32
        or OpCodeOperandKind.imm8sex64 or OpCodeOperandKind.imm16 or OpCodeOperandKind.imm32 or OpCodeOperandKind.imm32sex64
        or OpCodeOperandKind.imm64 or OpCodeOperandKind.seg_rSI or OpCodeOperandKind.es_rDI or OpCodeOperandKind.seg_rBX_al;

    private void SetOperand(ref Instruction instruction, int i, OpCodeOperandKind kind)
    {
        bool memory = random.Next(2) == 0;
        switch (kind)
        {
            case OpCodeOperandKind.mem:
            case OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem when memory:
                SetMemory(ref instruction, i);
                break;
            case OpCodeOperandKind.mem_offs:
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryDisplSize = 8;
                instruction.MemoryDisplacement64 = region + (ulong)random.Next(8000);
                break;
            case OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r8_reg or OpCodeOperandKind.r8_opcode:
                instruction.SetOpRegister(i, random.Next(5) == 0 ? Register.AH + random.Next(4) : Narrow(Register.AL, Register.SPL, Register.R8L));
                break;
            case OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r16_reg or OpCodeOperandKind.r16_rm or OpCodeOperandKind.r16_opcode:
                instruction.SetOpRegister(i, Register.AX + AnyNumber());
                break;
            case OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r32_reg or OpCodeOperandKind.r32_rm or OpCodeOperandKind.r32_opcode
                or OpCodeOperandKind.r32_vvvv:
                instruction.SetOpRegister(i, Register.EAX + AnyNumber());
                break;
            case OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.r64_reg or OpCodeOperandKind.r64_rm or OpCodeOperandKind.r64_opcode
                or OpCodeOperandKind.r64_vvvv:
                instruction.SetOpRegister(i, Register.RAX + AnyNumber());
                break;
            default:
                SetFixed(ref instruction, i, kind);
                break;
        }
    }

    private void SetFixed(ref Instruction instruction, int i, OpCodeOperandKind kind)
    {
        bool narrow = random.Next(4) == 0;
        switch (kind)
        {
            case OpCodeOperandKind.al: instruction.SetOpRegister(i, Register.AL); break;
            case OpCodeOperandKind.ax: instruction.SetOpRegister(i, Register.AX); break;
            case OpCodeOperandKind.eax: instruction.SetOpRegister(i, Register.EAX); break;
            case OpCodeOperandKind.rax: instruction.SetOpRegister(i, Register.RAX); break;
            case OpCodeOperandKind.cl: instruction.SetOpRegister(i, Register.CL); break;
            case OpCodeOperandKind.seg_rSI: instruction.SetOpKind(i, narrow && i == 0 ? OpKind.MemorySegESI : OpKind.MemorySegRSI); break;
            case OpCodeOperandKind.es_rDI: instruction.SetOpKind(i, narrow && instruction.OpCount == 1 ? OpKind.MemoryESEDI : OpKind.MemoryESRDI); break;
            case OpCodeOperandKind.seg_rBX_al:
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Register.RBX;
                instruction.MemoryIndex = Register.AL;
                break;
            case OpCodeOperandKind.imm8: SetImmediate(ref instruction, i, OpKind.Immediate8, (byte)random.Next(256)); break;
            case OpCodeOperandKind.imm8_const_1: SetImmediate(ref instruction, i, OpKind.Immediate8, 1); break;
            case OpCodeOperandKind.imm8sex16: SetImmediate(ref instruction, i, OpKind.Immediate8to16, (ulong)(long)(sbyte)random.Next(256)); break;
            case OpCodeOperandKind.imm8sex32: SetImmediate(ref instruction, i, OpKind.Immediate8to32, (ulong)(long)(sbyte)random.Next(256)); break;
            case OpCodeOperandKind.imm8sex64: SetImmediate(ref instruction, i, OpKind.Immediate8to64, (ulong)(long)(sbyte)random.Next(256)); break;
            case OpCodeOperandKind.imm16: SetImmediate(ref instruction, i, OpKind.Immediate16, (ushort)random.Next()); break;
            case OpCodeOperandKind.imm32: SetImmediate(ref instruction, i, OpKind.Immediate32, (uint)random.NextInt64()); break;
            case OpCodeOperandKind.imm32sex64: SetImmediate(ref instruction, i, OpKind.Immediate32to64, (ulong)(int)random.NextInt64()); break;
            case OpCodeOperandKind.imm64: SetImmediate(ref instruction, i, OpKind.Immediate64, (ulong)random.NextInt64() << 1); break;
            default: throw new NotSupportedException($"{instruction.Code}: {kind}");
        }
    }

    private static void SetImmediate(ref Instruction instruction, int i, OpKind kind, ulong value)
    {
        instruction.SetOpKind(i, kind);
        instruction.SetImmediate(i, value);
    }

    private void Decorate(ref Instruction instruction, OpCodeInfo info)
    {
        if (instruction.IsStringInstruction)
        {
            instruction.HasRepPrefix = random.Next(3) == 0;
            instruction.HasRepnePrefix = !instruction.HasRepPrefix && random.Next(3) == 0;
        }

        instruction.HasLockPrefix = info.CanUseLockPrefix && instruction.Op0Kind == OpKind.Memory && random.Next(4) == 0;
    }

    private void SetMemory(ref Instruction instruction, int i)
    {
        instruction.SetOpKind(i, OpKind.Memory);
        bool narrow = random.Next(8) == 0;
        Register first = narrow ? Register.EAX : Register.RAX;
        instruction.MemoryBase = first + AnyNumber();
        if (random.Next(2) == 0)
        {
            instruction.MemoryIndex = first + AnyNumber();
            instruction.MemoryIndexScale = 1 << random.Next(4);
        }

        instruction.MemoryDisplSize = random.Next(3) switch { 0 => 0, 1 => 1, _ => narrow ? 4 : 8 };
        instruction.MemoryDisplacement64 = instruction.MemoryDisplSize switch
        {
            0 => 0,
            1 => (ulong)(long)(sbyte)random.Next(256),
            _ => (ulong)random.Next(-1000, 1000),
        };
        if (narrow)
        {
            instruction.MemoryDisplacement64 &= uint.MaxValue;
        }
    }

    private int AnyNumber() => Usable[random.Next(Usable.Length)] - Register.RAX;

    private Register Narrow(Register low, Register middle, Register high)
    {
        int number = AnyNumber();
        return number switch
        {
            < 4 => low + number,
            < 8 => middle + (number - 4),
            _ => high + (number - 8),
        };
    }

    private sealed class ByteWriter : CodeWriter
    {
        private readonly List<byte> _bytes = [];

        public override void WriteByte(byte value) => _bytes.Add(value);

        public byte[] ToArray() => [.. _bytes];
    }
}
