using Iced.Intel;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Gives a slot the registers that make its operands lie where they should.</summary>
public sealed class CaseMaker(FuzzRandom random)
{
    private const ulong Arithmetic = 0x8D5;
    private const ulong Direction = 1UL << 10;
    private const ulong Identification = 1UL << 21;
    private const ulong AlignmentCheck = 1UL << 18;

    /// <summary>Sets registers, flags and patches of a case.</summary>
    public void Fill(FuzzCase made)
    {
        ulong[] registers = made.Registers;
        for (int i = 0; i < 16; i++)
        {
            registers[i] = FuzzValues.Word(random);
        }

        if (random.OneIn(8))
        {
            registers[random.Next(16)] = registers[random.Next(16)];
        }

        made.Flags = 0x202 | (random.Bits() & Arithmetic) | (random.OneIn(8) ? Direction : 0) | (random.OneIn(8) ? Identification : 0)
            | (random.OneIn(24) ? AlignmentCheck : 0);
        registers[Gpr.Rsp] = StackPointer();
        ref readonly Instruction last = ref made.Slot.Last;
        AimImplied(last, registers);
        ulong address = Aim(last, registers);
        CaseTuning.Apply(made, address, random);
    }

    private ulong StackPointer() => random.Next(32) switch
    {
        0 => FuzzSpots.Address(random, 8),
        1 => FuzzLayout.Page1 + (ulong)random.Next(-16, 17),
        _ => FuzzLayout.Page1 + 0x460 + (8UL * (ulong)random.Next(-4, 5)),
    };

    private void AimImplied(in Instruction instruction, ulong[] registers)
    {
        int size = FuzzSpots.SizeOf(instruction);
        ulong offset = FuzzSpots.SegmentBase(instruction);
        if (instruction.IsStringInstruction || HasImplied(instruction))
        {
            registers[Gpr.Rsi] = FuzzSpots.Address(random, size) - offset;
            registers[Gpr.Rdi] = FuzzSpots.Address(random, size) - (HasImplied(instruction) ? offset : 0);
        }

        if (instruction.IsStringInstruction)
        {
            registers[Gpr.Rcx] = random.Next(8) switch { 0 => 0, 1 => FuzzValues.Word(random), 2 => (ulong)random.Next(600), _ => (ulong)random.Next(1, 20) };
        }
    }

    private static bool HasImplied(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) is OpKind.MemorySegRDI or OpKind.MemorySegEDI)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Solves base and index of the explicit memory operand for an address; gives that address, 0 when there is none.</summary>
    private ulong Aim(in Instruction instruction, ulong[] registers)
    {
        if (!HasMemory(instruction))
        {
            return 0;
        }

        ulong offset = FuzzSpots.SegmentBase(instruction);
        Register first = instruction.MemoryBase;
        Register index = instruction.MemoryIndex;
        if (first is Register.RIP or Register.EIP || (first == Register.None && index == Register.None))
        {
            return instruction.MemoryDisplacement64 + offset;
        }

        if (index == Register.AL)
        {
            index = Register.None;
        }

        ulong wanted = index.IsVectorRegister() ? FuzzLayout.Page1 + 0x400 + (ulong)random.Next(64, 120) : FuzzSpots.Address(random, FuzzSpots.SizeOf(instruction));
        wanted &= CaseTuning.NeedsAlignment(instruction) ? ~15UL : ~0UL;
        ulong rest = wanted - offset - instruction.MemoryDisplacement64;
        bool narrow = (first == Register.None ? index : first).IsGPR32();
        ulong high = narrow ? random.Bits() & 0xFFFF_FFFF_0000_0000 : 0;
        ulong scale = (ulong)instruction.MemoryIndexScale;
        if (index.IsGPR32() || index.IsGPR64())
        {
            if (first == Register.None || first == index)
            {
                Set(registers, index, Narrowed(rest, narrow) / (scale + (first == index ? 1UL : 0)), high);
                return wanted;
            }

            ulong step = (ulong)random.Next(-12, 13);
            Set(registers, index, step, high);
            rest -= step * scale;
        }

        Set(registers, first, Narrowed(rest, narrow), high);
        return wanted;
    }

    private static ulong Narrowed(ulong value, bool narrow) => narrow ? (uint)value : value;

    private static void Set(ulong[] registers, Register register, ulong value, ulong high) =>
        registers[register.GetNumber()] = high == 0 ? value : (uint)value | high;

    private static bool HasMemory(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
            {
                return true;
            }
        }

        return false;
    }
}
