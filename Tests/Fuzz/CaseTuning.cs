using Iced.Intel;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Makes the interesting outcome of particular instructions likely, and keeps some of them where results are defined.</summary>
public static class CaseTuning
{
    /// <summary>SHA instructions: of a misaligned operand the manual says #GP, and Zen 5 loads it.</summary>
    public static bool NeedsAlignment(in Instruction instruction) => instruction.Mnemonic is
        Mnemonic.Sha1msg1 or Mnemonic.Sha1msg2 or Mnemonic.Sha1nexte or Mnemonic.Sha1rnds4
        or Mnemonic.Sha256msg1 or Mnemonic.Sha256msg2 or Mnemonic.Sha256rnds2;

    /// <summary>Adjusts a case whose explicit memory operand lies at <paramref name="address"/>.</summary>
    public static void Apply(FuzzCase made, ulong address, FuzzRandom random)
    {
        ulong[] registers = made.Registers;
        ref readonly Instruction instruction = ref made.Slot.Last;
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Div or Mnemonic.Idiv when !random.OneIn(4):
                registers[Gpr.Rdx] = random.OneIn(2) ? 0 : (ulong)((long)registers[Gpr.Rax] >> 63);
                registers[Gpr.Rax] &= random.OneIn(2) ? 0xFFFF : ulong.MaxValue;
                break;
            case Mnemonic.Cmpxchg when !random.OneIn(3):
                Patch1(made, address, registers[Gpr.Rax]);
                break;
            case Mnemonic.Cmpxchg8b when !random.OneIn(3):
                Patch1(made, address, (registers[Gpr.Rax] & uint.MaxValue) | (registers[Gpr.Rdx] << 32));
                break;
            case Mnemonic.Cmpxchg16b when !random.OneIn(3):
                Patch1(made, address, registers[Gpr.Rax]);
                Patch2(made, address + 8, registers[Gpr.Rdx]);
                break;
            case Mnemonic.Bt or Mnemonic.Btc or Mnemonic.Btr or Mnemonic.Bts when instruction.Op1Kind == OpKind.Register && address != 0:
                AimBit(made, address, random);
                break;
            case Mnemonic.Shld or Mnemonic.Shrd when instruction.Op1Register.GetSize() == 2:
                registers[Gpr.Rcx] = (registers[Gpr.Rcx] & ~31UL) + (ulong)random.Next(17);
                break;
            case Mnemonic.Loop or Mnemonic.Loope or Mnemonic.Loopne or Mnemonic.Jrcxz or Mnemonic.Jecxz when random.OneIn(2):
                registers[Gpr.Rcx] = (ulong)random.Next(3) + (random.OneIn(4) ? 0xFF_0000_0000UL : 0);
                break;
            case Mnemonic.Ldmxcsr or Mnemonic.Vldmxcsr when !random.OneIn(4):
                Patch1(made, address, random.Bits() & (random.OneIn(4) ? 0x1_FFFFU : 0xFFFFU));
                break;
            case Mnemonic.Wrfsbase or Mnemonic.Wrgsbase when !random.OneIn(3) && instruction.Op0Register.IsGPR64():
                registers[instruction.Op0Register.GetNumber()] = FuzzSpots.Address(random, 8);
                break;
            case Mnemonic.Leave when !random.OneIn(4):
                registers[Gpr.Rbp] = FuzzLayout.Page1 + 0x400 + (ulong)random.Next(180);
                break;
            case Mnemonic.Xlatb:
                registers[Gpr.Rbx] = FuzzSpots.Address(random, 1) - (registers[Gpr.Rax] & 0xFF) - FuzzSpots.SegmentBase(instruction);
                break;
            default:
                Branches(made, address, random);
                States(made, address, random);
                break;
        }
    }

    private static void Branches(FuzzCase made, ulong address, FuzzRandom random)
    {
        ref readonly Instruction instruction = ref made.Slot.Last;
        FlowControl flow = instruction.FlowControl;
        if (flow is not (FlowControl.Return or FlowControl.IndirectBranch or FlowControl.IndirectCall))
        {
            return;
        }

        ulong landing = made.Slot.Instructions[0].IP + FuzzLayout.Landing;
        ulong target = random.Next(16) switch
        {
            0 => FuzzSpots.Address(random, 1),
            1 => 0x8000_0000_0000_0000 | random.Bits(),
            2 => 0x1000,
            _ => landing,
        };
        if (flow == FlowControl.Return)
        {
            Patch1(made, made.Registers[Gpr.Rsp], target);
        }
        else if (instruction.Op0Kind == OpKind.Register)
        {
            made.Registers[instruction.Op0Register.GetNumber()] = target;
        }
        else
        {
            Patch1(made, address, target);
        }
    }

    /// <summary>Register images in memory: at the place where memory images hold one, with the components that every machine has.</summary>
    private static void States(FuzzCase made, ulong address, FuzzRandom random)
    {
        ref readonly Instruction instruction = ref made.Slot.Last;
        if (instruction.Mnemonic is Mnemonic.Xsave or Mnemonic.Xsave64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 or Mnemonic.Xsavec or Mnemonic.Xsavec64
            or Mnemonic.Xrstor or Mnemonic.Xrstor64 or Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64)
        {
            Register first = instruction.MemoryBase;
            if (address != 0 && !random.OneIn(4) && first.IsGPR64() && first != Register.RSP && !instruction.MemoryIndex.IsGPR64())
            {
                made.Registers[first.GetNumber()] += FuzzLayout.Page1 + 0x400 - address;
            }

            made.Registers[Gpr.Rax] &= 7;
            made.Registers[Gpr.Rdx] = 0;
        }
    }

    private static void AimBit(FuzzCase made, ulong address, FuzzRandom random)
    {
        ref readonly Instruction instruction = ref made.Slot.Last;
        int bit = instruction.Op1Register.GetFullRegister().GetNumber();
        if (instruction.MemoryBase.GetFullRegister().GetNumber() != bit && instruction.MemoryIndex.GetFullRegister().GetNumber() != bit && !random.OneIn(8))
        {
            made.Registers[bit] = (ulong)random.Next(-200, 200);
        }
    }

    private static void Patch1(FuzzCase made, ulong at, ulong value)
    {
        if (FuzzCase.CanPatch(at))
        {
            made.Patch1 = (at, value);
        }
    }

    private static void Patch2(FuzzCase made, ulong at, ulong value)
    {
        if (FuzzCase.CanPatch(at))
        {
            made.Patch2 = (at, value);
        }
    }
}
