using System.Text;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Cpu;

/// <summary>CPUID tells what exists, and nothing else.</summary>
public sealed class CpuModelTests
{
    private static readonly ControlRegisters Control = new();

    [Fact]
    public void The_vendor_is_twelve_letters_in_ebx_edx_ecx()
    {
        CpuidLeaf leaf = CpuidLeaves.Of(CpuModels.V3, 0, 0, Control.Sight);

        string vendor = Letters(leaf.Ebx) + Letters(leaf.Edx) + Letters(leaf.Ecx);
        vendor.ShouldBe("AuthenticAMD");
    }

    [Fact]
    public void The_brand_string_spans_three_leaves()
    {
        string brand = string.Concat(Enumerable.Range(0, 3).Select(i => CpuidLeaves.Of(CpuModels.V3, 0x8000_0002 + (uint)i, 0, Control.Sight))
            .Select(leaf => Letters(leaf.Eax) + Letters(leaf.Ebx) + Letters(leaf.Ecx) + Letters(leaf.Edx)));

        brand.TrimEnd('\0').ShouldBe("MmuEmu x86-64-v3");
    }

    [Theory]
    [InlineData(CpuFeatures.Sse2, 1U, 'd', 26)]
    [InlineData(CpuFeatures.Cx16, 1U, 'c', 13)]
    [InlineData(CpuFeatures.FsGsBase, 7U, 'b', 0)]
    [InlineData(CpuFeatures.Pku, 7U, 'c', 3)]
    [InlineData(CpuFeatures.Nx, 0x8000_0001U, 'd', 20)]
    [InlineData(CpuFeatures.LongMode, 0x8000_0001U, 'd', 29)]
    [InlineData(CpuFeatures.Lahf, 0x8000_0001U, 'c', 0)]
    public void A_feature_is_one_bit_and_goes_with_the_model(CpuFeatures feature, uint leaf, char register, int bit)
    {
        CpuModel without = CpuModels.V3 with { Features = CpuModels.V3.Features & ~feature };

        BitOf(CpuidLeaves.Of(CpuModels.V3, leaf, 0, Control.Sight), register, bit).ShouldBeTrue();
        BitOf(CpuidLeaves.Of(without, leaf, 0, Control.Sight), register, bit).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1U, 'c', 3)]
    [InlineData(1U, 'c', 5)]
    [InlineData(7U, 'b', 11)]
    [InlineData(7U, 'b', 16)]
    [InlineData(0x8000_0001U, 'c', 6)]
    [InlineData(0x8000_0001U, 'c', 11)]
    public void What_no_model_has_is_not_reported(uint leaf, char register, int bit) =>
        BitOf(CpuidLeaves.Of(CpuModels.Max, leaf, 0, Control.Sight), register, bit).ShouldBeFalse();

    public static TheoryData<string> Features => [.. CpuFeatureTable.Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Features))]
    public void Every_bit_of_a_feature_comes_and_goes_with_it(string name)
    {
        CpuFeatureRow row = CpuFeatureTable.Rows.Single(r => r.Name == name);
        CpuModel with = CpuModels.Max with { Features = CpuModels.Max.Features | row.Feature };
        CpuModel without = CpuModels.Max with { Features = CpuModels.Max.Features & ~row.Feature };

        foreach (CpuidBit bit in row.Bits)
        {
            BitOf(CpuidLeaves.Of(with, bit.Leaf, bit.Subleaf, Control.Sight), Letter(bit.Register), bit.Bit).ShouldBeTrue($"{bit}");
            BitOf(CpuidLeaves.Of(without, bit.Leaf, bit.Subleaf, Control.Sight), Letter(bit.Register), bit.Bit).ShouldBeFalse($"{bit}");
        }
    }

    [Fact]
    public void No_two_features_share_a_bit()
    {
        CpuidBit[] bits = [.. CpuFeatureTable.Rows.SelectMany(row => row.Bits)];

        bits.Distinct().Count().ShouldBe(bits.Length);
    }

    [Theory]
    [InlineData(3UL, 576U)]
    [InlineData(7UL, 832U)]
    [InlineData(0x207UL, 840U)]
    public void The_state_leaf_tells_how_long_an_area_is_for_what_is_enabled(ulong xcr0, uint bytes)
    {
        ControlRegisters control = new() { Xcr0 = xcr0 };

        CpuidLeaf leaf = CpuidLeaves.Of(CpuModels.Max, 0xD, 0, control.Sight);

        leaf.ShouldBe(new CpuidLeaf(0x207, bytes, 840, 0));
    }

    [Fact]
    public void The_state_leaf_places_every_component()
    {
        CpuidLeaves.Of(CpuModels.Max, 0xD, 1, new ControlRegisters { Xcr0 = 7 }.Sight).ShouldBe(new CpuidLeaf(7, 832, 0, 0));
        CpuidLeaves.Of(CpuModels.Max, 0xD, 2, Control.Sight).ShouldBe(new CpuidLeaf(256, 576, 0, 0));
        CpuidLeaves.Of(CpuModels.Max, 0xD, 9, Control.Sight).ShouldBe(new CpuidLeaf(8, 832, 0, 0));
        CpuidLeaves.Of(CpuModels.Max, 0xD, 3, Control.Sight).ShouldBe(default);
        CpuidLeaves.Of(CpuModels.V2, 0xD, 0, Control.Sight).ShouldBe(default);
    }

    [Theory]
    [InlineData(1U, 27, 1UL << 18)]
    [InlineData(7U, 4, 1UL << 22)]
    public void Two_bits_mirror_what_the_kernel_has_switched_on(uint leaf, int bit, ulong cr4)
    {
        BitOf(CpuidLeaves.Of(CpuModels.V3, leaf, 0, new ControlRegisters { Cr4 = cr4 }.Sight), 'c', bit).ShouldBeTrue();
        BitOf(CpuidLeaves.Of(CpuModels.V3, leaf, 0, new ControlRegisters { Cr4 = 0 }.Sight), 'c', bit).ShouldBeFalse();
        BitOf(CpuidLeaves.Of(CpuModels.V2, leaf, 0, new ControlRegisters { Cr4 = cr4 }.Sight), 'c', bit).ShouldBeFalse();
    }

    [Fact]
    public void A_program_can_tell_that_it_is_emulated()
    {
        CpuidLeaf leaf = CpuidLeaves.Of(CpuModels.V1, 0x4000_0000, 0, Control.Sight);

        BitOf(CpuidLeaves.Of(CpuModels.V1, 1, 0, Control.Sight), 'c', 31).ShouldBeTrue();
        (Letters(leaf.Ebx) + Letters(leaf.Ecx) + Letters(leaf.Edx)).ShouldBe("MmuEmuMmuEmu");
    }

    [Theory]
    [InlineData(15, 4, 8, 0x0000_0F48U)]
    [InlineData(23, 1, 2, 0x0080_0F12U)]
    [InlineData(25, 33, 0, 0x00A2_0F10U)]
    public void Family_and_model_have_extended_parts(int family, int model, int stepping, uint expected) =>
        new CpuSignature(family, model, stepping).Leaf1.ShouldBe(expected);

    [Fact]
    public void Cpuid_clears_the_upper_halves_of_its_four_registers()
    {
        using BareCore core = new BareCore().Assemble(a => a.cpuid());
        core[Register.RAX] = 0xFFFF_FFFF_0000_0000;
        core[Register.RBX] = core[Register.RCX] = core[Register.RDX] = ulong.MaxValue;

        core.Run(1);

        (core[Register.RAX] | core[Register.RBX] | core[Register.RCX] | core[Register.RDX]).ShouldBeLessThanOrEqualTo(uint.MaxValue);
    }

    [Fact]
    public void The_time_stamp_counter_counts_instructions_and_runs_alike_whatever_the_budget()
    {
        using BareCore whole = Timed();
        whole.Run(5);
        using BareCore steps = Timed();
        for (int i = 0; i < 5; i++)
        {
            steps.Run(1);
        }

        whole[Register.RAX].ShouldBe(3UL);
        steps[Register.RAX].ShouldBe(3UL);
    }

    private static BareCore Timed() => new BareCore().Assemble(a =>
    {
        a.nop();
        a.nop();
        a.nop();
        a.rdtsc();
        a.nop();
    });

    private static bool BitOf(CpuidLeaf leaf, char register, int bit) => ((register switch
    {
        'a' => leaf.Eax,
        'b' => leaf.Ebx,
        'c' => leaf.Ecx,
        _ => leaf.Edx,
    } >> bit) & 1) != 0;

    private static char Letter(CpuidRegister register) => register switch
    {
        CpuidRegister.Eax => 'a',
        CpuidRegister.Ebx => 'b',
        CpuidRegister.Ecx => 'c',
        CpuidRegister.Edx => 'd',
    };

    private static string Letters(uint four) => Encoding.Latin1.GetString(BitConverter.GetBytes(four));
}
