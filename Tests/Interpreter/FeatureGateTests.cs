using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Interpreter.Dispatch;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>An instruction exists where its CPUID bits say so, and nowhere else.</summary>
public sealed class FeatureGateTests
{
    public static TheoryData<string> Features => [.. CpuFeatureTable.Rows.Select(row => row.Name)];

    /// <summary>What this core answers with #UD although its features are there, and why.</summary>
    private static readonly Dictionary<Code, string> Apart = new()
    {
        [Code.Rsm] = "outside system-management mode RSM is #UD on every processor",
    };

    [Theory]
    [MemberData(nameof(Features))]
    public void Every_instruction_of_a_feature_is_undefined_without_it(string name)
    {
        CpuFeatures feature = CpuFeatureTable.Rows.Single(row => row.Name == name).Feature;
        using BareCore core = new();
        core.Core.Vcpu.Model = CpuModels.Max with { Features = CpuModels.Max.Features & ~feature };
        List<Code> ran = [];
        int slot = 0;
        foreach ((Code code, byte[] bytes) in UserCodes.All.Where(one => NeedsOnlyOurs(one.Key, feature) && !FallsBack(one.Key)))
        {
            ulong at = BareCore.Code + (ulong)(16 * slot++);
            bytes.CopyTo(core.Ram.SliceToWrite(new PhysAddr(at), bytes.Length));
            core.Rip = at;
            CoreExit exit = core.Run(1);
            ran.AddRange((exit.Kind, exit.Vector, exit.Missing) == (CoreExitKind.Exception, ExceptionVector.UD, feature) ? [] : [code]);
        }

        ran.ShouldBeEmpty();
    }

    [Fact]
    public void Every_instruction_of_the_largest_model_is_known_to_the_core()
    {
        string[] unknown = [.. UserCodes.All
            .Where(one => CpuModels.Max.Has(FeatureGate.NeedsOf(one.Key)) && !Apart.ContainsKey(one.Key) && !IsKnown(one.Value))
            .Select(one => one.Key.ToString())];

        unknown.ShouldBeEmpty();
    }

    [Fact]
    public void What_no_model_has_is_undefined_and_says_so()
    {
        using BareCore core = new BareCore().Assemble(a => a.vaddps(AssemblerRegisters.zmm1, AssemblerRegisters.zmm2, AssemblerRegisters.zmm3));

        CoreExit exit = core.Run(1);

        (exit.Vector, exit.Missing, exit.Unsupported).ShouldBe((ExceptionVector.UD, CpuFeatures.Foreign, false));
    }

    [Fact]
    public void A_wrong_encoding_is_undefined_for_no_want_of_a_feature()
    {
        using BareCore core = new BareCore().Load([0x0F, 0x0B]);

        CoreExit exit = core.Run(1);

        (exit.Vector, exit.Missing, exit.Unsupported).ShouldBe((ExceptionVector.UD, CpuFeatures.None, false));
    }

    [Theory]
    [InlineData("bmi1", 40, 3)]
    [InlineData("lzcnt", 60, 3)]
    public void Without_the_feature_the_prefix_of_tzcnt_and_lzcnt_means_nothing(string feature, ulong counted, ulong scanned)
    {
        // Given TZCNT of bit 40, or LZCNT of bit 3; BSF and BSR find the bit's number
        ulong source = feature == "bmi1" ? 1UL << 40 : 1UL << 3;
        byte opcode = (byte)(feature == "bmi1" ? 0xBC : 0xBD);
        scanned = feature == "bmi1" ? 40 : scanned;

        // When it runs on a processor with the feature and on one without
        ulong with = Run(CpuModels.Max);
        ulong without = Run(CpuModels.Max with { Features = CpuModels.Max.Features & ~CpuFeatureTable.Rows.Single(row => row.Name == feature).Feature });

        // Then the one counts and the other scans
        (with, without).ShouldBe((counted, scanned));

        ulong Run(CpuModel model)
        {
            using BareCore core = new BareCore().Load([0xF3, 0x48, 0x0F, opcode, 0xC1]);
            core.Core.Vcpu.Model = model;
            core[Register.RCX] = source;
            core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);
            return core[Register.RAX];
        }
    }

    [Fact]
    public void Hints_are_passed_over_by_every_model()
    {
        // PAUSE, ENDBR64, PREFETCHW, CLDEMOTE, RDSSPQ, a reserved NOP
        using BareCore core = new BareCore().Load(
            [0xF3, 0x90, 0xF3, 0x0F, 0x1E, 0xFA, 0x0F, 0x0D, 0x09, 0x0F, 0x1C, 0x01, 0xF3, 0x48, 0x0F, 0x1E, 0xC8, 0x0F, 0x1F, 0x40, 0x00]);
        core.Core.Vcpu.Model = CpuModels.V1;
        core[Register.RAX] = 7;

        core.Run(6).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        core[Register.RAX].ShouldBe(7UL);
    }

    private static bool NeedsOnlyOurs(Code code, CpuFeatures feature)
    {
        CpuFeatures needs = FeatureGate.NeedsOf(code);
        return needs.HasFlag(feature) && !needs.HasFlag(CpuFeatures.Foreign);
    }

    /// <summary>TZCNT and LZCNT are another instruction without their feature.</summary>
    private static bool FallsBack(Code code) => code.Mnemonic() is Mnemonic.Tzcnt or Mnemonic.Lzcnt;

    private static bool IsKnown(byte[] bytes)
    {
        Decoder.Create(64, new ByteArrayCodeReader(bytes), BareCore.Code, FeatureGate.OptionsOf(CpuModels.Max)).Decode(out Instruction instruction);
        using BlockWriter writer = new();
        writer.Begin(0, instruction.IP);
        writer.Take(instruction);
        OpBuilder builder = new(writer, in instruction, bytes, CpuModels.Max);
        return EmitterTable.Of(instruction.Mnemonic) is { } emit && emit(ref builder);
    }
}
