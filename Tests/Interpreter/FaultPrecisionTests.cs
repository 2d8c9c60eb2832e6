using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Oracles;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>A faulting instruction leaves no trace but CR2, A bits and cycles.</summary>
public sealed class FaultPrecisionTests
{
    private const int CasesPerCode = 24;

    [Fact]
    [Spec("P-002", "P-040", "P-041", "P-045")]
    public void A_faulting_instruction_leaves_no_trace_and_runs_as_usual_once_the_page_is_there()
    {
        Random random = new(5);
        using FaultPrecision precision = new(random);
        IntegerForms forms = new(FaultPrecision.Hole, random);
        List<string> breaches = [];
        foreach (Code code in IntegerForms.Codes)
        {
            if (BreachOf(precision, forms, random, code) is { } breach)
            {
                breaches.Add(breach);
            }
        }

        breaches.ShouldBeEmpty();
        precision.Faults.ShouldBeGreaterThan(4000);
    }

    [Fact]
    [Spec("P-040", "P-041")]
    public void Stack_instructions_move_the_stack_pointer_only_when_every_access_has_passed()
    {
        Random random = new(6);
        using FaultPrecision precision = new(random);
        List<string> breaches = [];
        foreach (Action<Assembler> write in StackInstructions)
        {
            (Instruction instruction, byte[] bytes) = Assemble(write);
            for (int offset = -24; offset <= 24; offset++)
            {
                foreach (ulong edge in (ulong[])[FaultPrecision.Hole, FaultPrecision.Hole + 4096])
                {
                    SetRegisters(precision, random);
                    precision.Registers[4] = edge + (ulong)offset;
                    precision.Registers[5] = FaultPrecision.Region + 0x1800;
                    precision.Registers[3] = FaultPrecision.Region + 0x800;
                    if (precision.FirstBreach(instruction, bytes, 0) is { } breach)
                    {
                        breaches.Add($"{instruction} RSP {precision.Registers[4]:X}: {breach}");
                    }
                }
            }
        }

        breaches.ShouldBeEmpty();
        precision.Faults.ShouldBeGreaterThan(500);
    }

    private static readonly Action<Assembler>[] StackInstructions =
    [
        a => a.push(rax), a => a.push(rsp), a => a.push(12345), a => a.push(__qword_ptr[rbx]), a => a.push(__qword_ptr[rsp + 8]),
        a => a.push(ax), a => a.push(__word_ptr[rsp - 2]), a => a.pushfq(), a => a.pushf(),
        a => a.pop(rax), a => a.pop(rsp), a => a.pop(__qword_ptr[rbx]), a => a.pop(__qword_ptr[rsp + 8]), a => a.pop(__qword_ptr[esp - 16]),
        a => a.pop(ax), a => a.pop(sp), a => a.popfq(), a => a.popf(),
        a => a.call(rax), a => a.call(__qword_ptr[rbx]), a => a.call(0x40_0100), a => a.ret(), a => a.ret(16),
        a => a.leave(), a => a.push(fs), a => a.pop(gs),
    ];

    private static string? BreachOf(FaultPrecision precision, IntegerForms forms, Random random, Code code)
    {
        for (int made = 0, tried = 0; made < CasesPerCode && tried < 40 * CasesPerCode; tried++)
        {
            if (!forms.TryMake(code, out Instruction instruction, out byte[] bytes) || !Place(precision, instruction, random))
            {
                continue;
            }

            made++;
            if (precision.FirstBreach(instruction, bytes, (ulong)random.NextInt64() & Rflags.Arithmetic) is { } breach)
            {
                return $"{instruction} ({Convert.ToHexString(bytes)}): {breach}";
            }
        }

        return null;
    }

    /// <summary>Registers that put the memory operand at an edge of the hole; false when this form has none to place.</summary>
    private static bool Place(FaultPrecision precision, in Instruction instruction, Random random)
    {
        SetRegisters(precision, random);
        ulong edge = FaultPrecision.Hole + (ulong)(random.Next(2) * 4096) + (ulong)random.Next(-17, 17);
        if (instruction.IsStringInstruction)
        {
            bool source = random.Next(2) == 0;
            precision.Registers[6] = source ? edge : FaultPrecision.Region + 0x800;
            precision.Registers[7] = source ? FaultPrecision.Region + 0x800 : edge;
            return !instruction.HasRepPrefix && !instruction.HasRepnePrefix;
        }

        Register @base = instruction.MemoryBase;
        bool memory = instruction.Op0Kind == OpKind.Memory || instruction.Op1Kind == OpKind.Memory;
        bool bits = instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && instruction.Op1Kind == OpKind.Register;
        if (!memory || @base == Register.None || instruction.MemoryIndex != Register.None)
        {
            return false;
        }

        if (bits)
        {
            if (instruction.Op1Register.GetFullRegister().GetNumber() == @base.GetNumber())
            {
                return false;
            }

            precision.Registers[instruction.Op1Register.GetFullRegister().GetNumber()] = (ulong)random.Next(16);
        }

        edge &= instruction.Mnemonic == Mnemonic.Cmpxchg16b ? ~15UL : ~0UL;
        precision.Registers[@base.GetNumber()] = edge - instruction.MemoryDisplacement64;
        if (@base.GetSize() == 4)
        {
            precision.Registers[@base.GetNumber()] = (uint)precision.Registers[@base.GetNumber()] | (1UL << 40);
        }

        return true;
    }

    private static void SetRegisters(FaultPrecision precision, Random random)
    {
        for (int i = 0; i < 16; i++)
        {
            precision.Registers[i] = (ulong)random.NextInt64();
        }
    }

    private static (Instruction Instruction, byte[] Bytes) Assemble(Action<Assembler> write)
    {
        Assembler a = new(64);
        write(a);
        using MemoryStream stream = new();
        a.Assemble(new StreamCodeWriter(stream), Builders.BareCore.Code);
        byte[] bytes = stream.ToArray();
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes), Builders.BareCore.Code);
        return (decoder.Decode(), bytes);
    }
}
