using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>A block in one go and the same block one instruction at a time end in the same state.</summary>
public sealed class FusingTests
{
    private static readonly ConditionCode[] Conditions = [.. Enum.GetValues<ConditionCode>().Where(c => c != ConditionCode.None)];

    private static readonly Code[] Comparisons =
    [
        Code.Cmp_rm8_r8, Code.Cmp_rm32_r32, Code.Cmp_rm64_r64, Code.Cmp_rm16_r16, Code.Cmp_r32_rm32, Code.Cmp_r64_rm64,
        Code.Cmp_rm32_imm8, Code.Cmp_rm64_imm8, Code.Cmp_rm8_imm8, Code.Cmp_rm32_imm32, Code.Test_rm8_r8, Code.Test_rm32_r32,
        Code.Test_rm64_r64, Code.Test_rm8_imm8, Code.Test_rm32_imm32, Code.Sub_rm32_imm8, Code.Sub_r64_rm64, Code.Sub_rm32_r32,
        Code.And_rm32_imm8, Code.And_rm64_r64, Code.Add_rm32_imm8, Code.Dec_rm32, Code.Inc_rm64,
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_comparison_fused_with_its_jump_leaves_what_the_two_leave_alone(bool memory)
    {
        Random random = new(9);
        using BareCore fused = new();
        using BareCore single = new();
        foreach (Code code in Comparisons)
        {
            foreach (ConditionCode condition in Conditions)
            {
                byte[] bytes = [.. Compare(code, memory), .. (byte[])[(byte)(0x70 + Encoding(condition)), 0x02, 0x90, 0x90, 0x90, 0x90]];
                fused.Load(bytes).Core.Vcpu.CodeWritten(new(0x40_0000), bytes.Length);
                single.Load(bytes).Core.Vcpu.CodeWritten(new(0x40_0000), bytes.Length);
                for (int i = 0; i < 12; i++)
                {
                    (ulong a, ulong b) = (Value(random), Value(random));
                    (ulong, ulong, ulong) expected = Run(single, a, b, steps: 1);
                    Run(fused, a, b, steps: 2).ShouldBe(expected, $"{code} {condition} of {a:X} and {b:X}");
                }
            }
        }
    }

    [Fact]
    public void A_fused_comparison_that_faults_stops_at_the_comparison()
    {
        using BareCore core = new BareCore().Load([0x90, 0x3B, 0x03, 0x74, 0x10, 0x90]);
        core[Register.RBX] = 0x1000;

        CoreExit exit = core.Run();

        exit.Kind.ShouldBe(CoreExitKind.PageFault);
        (core.Rip, core.Core.Retired).ShouldBe((BareCore.Code + 1, 1UL));
    }

    private static (ulong Rip, ulong Flags, ulong Rax) Run(BareCore core, ulong a, ulong b, int steps)
    {
        core.Rip = BareCore.Code;
        core[Register.RAX] = a;
        core[Register.RCX] = b;
        core[Register.RBX] = BareCore.Data + 16;
        BitConverter.TryWriteBytes(core.DataBytes(16, 8), b);
        core.SetFlags(Rflags.CF | Rflags.OF);
        for (int done = 0; done < 2; done += steps)
        {
            core.Run((ulong)steps).Kind.ShouldBe(CoreExitKind.BudgetSpent);
        }

        return (core.Rip, core.Flags, core[Register.RAX]);
    }

    private static ulong Value(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => (ulong)random.Next(-2, 3),
        2 => 1UL << (8 * random.Next(1, 9)) - 1,
        _ => (ulong)random.NextInt64() << random.Next(2),
    };

    private static int Encoding(ConditionCode condition) => condition switch
    {
        ConditionCode.o => 0,
        ConditionCode.no => 1,
        ConditionCode.b => 2,
        ConditionCode.ae => 3,
        ConditionCode.e => 4,
        ConditionCode.ne => 5,
        ConditionCode.be => 6,
        ConditionCode.a => 7,
        ConditionCode.s => 8,
        ConditionCode.ns => 9,
        ConditionCode.p => 10,
        ConditionCode.np => 11,
        ConditionCode.l => 12,
        ConditionCode.ge => 13,
        ConditionCode.le => 14,
        _ => 15,
    };

    private static byte[] Compare(Code code, bool memory)
    {
        Instruction instruction = default;
        instruction.Code = code;
        OpCodeInfo info = code.ToOpCode();
        for (int i = 0; i < info.OpCount; i++)
        {
            string kind = info.GetOpKind(i).ToString();
            if (memory && kind.EndsWith("_or_mem", StringComparison.Ordinal))
            {
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Register.RBX;
            }
            else if (kind.StartsWith('r'))
            {
                Register full = i == 0 ? Register.RAX : Register.RCX;
                instruction.SetOpRegister(i, Narrow(full, kind));
            }
            else
            {
                instruction.SetOpKind(i, Enum.Parse<OpKind>(kind.Replace("imm", "Immediate").Replace("sex", "to")));
                instruction.SetImmediate(i, 1);
            }
        }

        using MemoryStream stream = new();
        Encoder.Create(64, new StreamCodeWriter(stream)).Encode(instruction, 0);
        return stream.ToArray();
    }

    private static Register Narrow(Register full, string kind) =>
        kind.StartsWith("r8_", StringComparison.Ordinal) ? full - Register.RAX + Register.AL
        : kind.StartsWith("r16", StringComparison.Ordinal) ? full - Register.RAX + Register.AX
        : kind.StartsWith("r32", StringComparison.Ordinal) ? full - Register.RAX + Register.EAX
        : full;
}
