using Iced.Intel;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Interpreter.Dispatch;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Which instructions look for a pending x87 exception before all else.</summary>
public sealed class MmxWaitsTests
{
    [Fact]
    public void Every_instruction_with_an_mmx_register_waits_and_no_other_but_emms()
    {
        List<string> wrong = [];
        int waiting = 0;
        foreach (byte[] bytes in RegisterForms())
        {
            Decoder.Create(64, new ByteArrayCodeReader(bytes), BareCore.Code, FeatureGate.OptionsOf(CpuModels.Max)).Decode(out Instruction instruction);
            if (!instruction.IsInvalid && TryFirstOp(instruction, bytes.AsSpan(0, instruction.Length), out OpTraits first))
            {
                bool waits = (first & OpTraits.Prefix) != 0;
                waiting += waits ? 1 : 0;
                if (waits != (HasMmx(instruction) || instruction.Mnemonic == Mnemonic.Emms))
                {
                    wrong.Add($"{instruction}");
                }
            }
        }

        wrong.ShouldBeEmpty();
        waiting.ShouldBeGreaterThan(60);
    }

    /// <summary>The maps 0F, 0F 38 and 0F 3A with registers alone, each opcode without a prefix and with the three that choose.</summary>
    private static IEnumerable<byte[]> RegisterForms()
    {
        byte[][] prefixes = [[], [0x66], [0xF2], [0xF3]];
        byte[][] maps = [[0x0F], [0x0F, 0x38], [0x0F, 0x3A]];
        foreach (byte[] prefix in prefixes)
        {
            foreach (byte[] map in maps)
            {
                for (int opcode = 0; opcode < 256; opcode++)
                {
                    yield return [.. prefix, .. map, (byte)opcode, 0xD1, 1, 0, 0, 0, 0, 0];
                }
            }
        }
    }

    private static bool HasMmx(in Instruction instruction)
    {
        bool has = false;
        for (int i = 0; i < instruction.OpCount; i++)
        {
            has |= instruction.GetOpKind(i) == OpKind.Register && instruction.GetOpRegister(i).IsMM();
        }

        return has;
    }

    private static bool TryFirstOp(Instruction instruction, ReadOnlySpan<byte> code, out OpTraits first)
    {
        using BlockWriter writer = new();
        writer.Begin(0, instruction.IP);
        writer.Take(instruction);
        OpBuilder builder = new(writer, in instruction, code, CpuModels.Max);
        bool known = EmitterTable.Of(instruction.Mnemonic) is { } emit && emit(ref builder);
        first = writer.Finish()[1].Traits;
        return known;
    }
}
