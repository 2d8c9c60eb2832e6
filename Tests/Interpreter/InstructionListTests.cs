using Iced.Intel;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Every instruction that the decoder finds in 64-bit mode against what the core runs.</summary>
public sealed class InstructionListTests
{
    private static readonly byte[][] LegacyPrefixes = [[], [0x66], [0xF2], [0xF3], [0x48], [0x66, 0x48], [0xF2, 0x48], [0xF3, 0x48], [0x67]];
    private static readonly byte[][] LegacyMaps = [[], [0x0F], [0x0F, 0x38], [0x0F, 0x3A]];

    [Fact]
    public void The_core_knows_every_instruction_of_its_largest_model()
    {
        using BareCore core = new();
        core.Core.Vcpu.Model = CpuModels.Max;
        Dictionary<Code, byte[]> found = Everything();

        List<string> unknown = [];
        foreach ((Code code, byte[] bytes) in found)
        {
            bool inModel = (FeatureGate.NeedsOf(code) & ~CpuModels.Max.Features) == 0;
            if (inModel && IsUnsupported(core, bytes))
            {
                unknown.Add($"{code} {Convert.ToHexString(bytes)}");
            }
        }

        unknown.ShouldBeEmpty();
        found.Count.ShouldBeGreaterThan(1500);
    }

    private static bool IsUnsupported(BareCore core, byte[] bytes)
    {
        core.Load(bytes).Core.Vcpu.CodeWritten(new PhysAddr(0x40_0000), 16);
        core[Register.RBX] = BareCore.Data;
        core[Register.RSP] = BareCore.StackTop - 64;
        return core.Run(1).Unsupported;
    }

    /// <summary>One encoding of each code: all opcodes of all maps, under each prefix that selects among them.</summary>
    private static Dictionary<Code, byte[]> Everything()
    {
        Dictionary<Code, byte[]> found = [];
        foreach (byte[] prefix in LegacyPrefixes)
        {
            foreach (byte[] map in LegacyMaps)
            {
                Opcodes(found, [.. prefix, .. map]);
            }
        }

        for (int map = 1; map <= 3; map++)
        {
            for (int low = 0; low < 16; low++)
            {
                // W, vvvv (15: none, 14: XMM1), L and pp.
                byte last = (byte)(((low & 8) << 4) | (15 << 3) | (low & 7));
                Opcodes(found, [0xC4, (byte)(0xE0 | map), last]);
                Opcodes(found, [0xC4, (byte)(0xE0 | map), (byte)(last & ~0x08)]);
            }
        }

        return found;
    }

    private static void Opcodes(Dictionary<Code, byte[]> found, byte[] start)
    {
        byte[] bytes = [.. start, .. new byte[12]];
        bytes.AsSpan(start.Length + 2).Fill(0x24);
        ByteArrayCodeReader reader = new(bytes);
        Decoder decoder = Decoder.Create(64, reader);
        for (int opcode = 0; opcode < 65536; opcode++)
        {
            bytes[start.Length] = (byte)(opcode >> 8);
            bytes[start.Length + 1] = (byte)opcode;
            reader.Position = 0;
            decoder.IP = BareCore.Code;
            decoder.Decode(out Instruction instruction);
            if (!instruction.IsInvalid && !found.ContainsKey(instruction.Code))
            {
                found.Add(instruction.Code, bytes[..instruction.Length]);
            }
        }
    }
}
