using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;

namespace MmuEmu.Tests.Cpu;

/// <summary>What CPUID shows of the maker.</summary>
public sealed class CpuVendorTests
{
    private const uint Repeated = 0x0183_F3FF;

    [Theory]
    [InlineData("v1", "AuthenticAMD", 0x0000_0F48U)]
    [InlineData("v2", "AuthenticAMD", 0x0070_0F01U)]
    [InlineData("v3", "AuthenticAMD", 0x0080_0F12U)]
    [InlineData("max", "AuthenticAMD", 0x00A0_0F11U)]
    [InlineData("v1,vendor=intel", "GenuineIntel", 0x0000_06FBU)]
    [InlineData("v2,vendor=intel", "GenuineIntel", 0x0002_06C2U)]
    [InlineData("v3,vendor=intel", "GenuineIntel", 0x0003_06C3U)]
    [InlineData("max,vendor=intel", "GenuineIntel", 0x000C_06F2U)]
    public void Leaves_0_and_1_tell_vendor_and_signature(string text, string vendor, uint signature)
    {
        CpuModel model = Model(text);
        CpuidLeaf name = Ask(model, 0);

        (Letters(name.Ebx) + Letters(name.Edx) + Letters(name.Ecx)).ShouldBe(vendor);
        Ask(model, 1).Eax.ShouldBe(signature);
        CpuidLeaf again = Ask(model, 0x8000_0000);
        (again.Ebx, again.Edx, again.Ecx).ShouldBe((name.Ebx, name.Edx, name.Ecx));
    }

    [Fact]
    public void The_last_leaves_are_those_that_the_maker_needs()
    {
        (Ask(Model("max"), 0).Eax, Ask(Model("max"), 0x8000_0000).Eax).ShouldBe((0xDU, 0x8000_001EU));
        (Ask(Intel("max"), 0).Eax, Ask(Intel("max"), 0x8000_0000).Eax).ShouldBe((0x18U, 0x8000_0008U));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    [InlineData("v3")]
    [InlineData("max")]
    public void Amd_repeats_features_and_signature_in_its_own_leaf_and_intel_does_not(string text)
    {
        CpuidLeaf amd = Ask(Model(text), 0x8000_0001);
        CpuidLeaf intel = Ask(Intel(text), 0x8000_0001);

        amd.Eax.ShouldBe(Ask(Model(text), 1).Eax);
        (amd.Edx & Repeated).ShouldBe(Ask(Model(text), 1).Edx & Repeated);
        (amd.Edx & ~Repeated).ShouldBe(intel.Edx | (1U << 22));
        (intel.Eax, intel.Ebx, intel.Edx).ShouldBe((0U, 0U, 0x2C10_0800U));
    }

    [Fact]
    public void Leaves_2_and_4_are_intels_and_reserved_on_amd()
    {
        Ask(Model("max"), 2).ShouldBe(default);
        Ask(Model("max"), 4).ShouldBe(default);
        Ask(Model("max"), 0x18, 1).ShouldBe(default);
        Ask(Intel("max"), 2).ShouldBe(new CpuidLeaf(0x00FE_FF01, 0, 0, 0));
    }

    [Theory]
    [InlineData(0x19U)]
    [InlineData(0x3FFF_FFFFU)]
    [InlineData(0x5000_0000U)]
    [InlineData(0x8000_0009U)]
    [InlineData(0x8000_001DU)]
    [InlineData(0xFFFF_FFFFU)]
    public void Behind_its_last_leaf_intel_repeats_the_last_basic_one_and_amd_gives_zero(uint leaf)
    {
        for (uint subleaf = 0; subleaf < 4; subleaf++)
        {
            Ask(Intel("v3"), leaf, subleaf).ShouldBe(Ask(Intel("v3"), 0x18, subleaf));
            Ask(Intel("v3"), leaf, subleaf).ShouldNotBe(default);
        }

        if (leaf != 0x8000_001D)
        {
            Ask(Model("v3"), leaf).ShouldBe(default);
        }
    }

    [Fact]
    public void The_hypervisors_leaves_are_nobodys()
    {
        Ask(Intel("v3"), 0x4000_0000).ShouldBe(Ask(Model("v3"), 0x4000_0000));
        Ask(Intel("v3"), 0x4000_0001).ShouldBe(default);
        Ask(Intel("v3"), 0x4FFF_FFFF).ShouldBe(default);
    }

    [Theory]
    [InlineData(7U, CpuidRegister.Ebx, 6, CpuVendor.Intel)]
    [InlineData(7U, CpuidRegister.Ebx, 13, CpuVendor.Intel)]
    [InlineData(0x8000_0008U, CpuidRegister.Ebx, 2, CpuVendor.Amd)]
    [InlineData(0x8000_0001U, CpuidRegister.Ecx, 7, CpuVendor.Amd)]
    [InlineData(0x8000_0001U, CpuidRegister.Ecx, 22, CpuVendor.Amd)]
    [InlineData(0x8000_0001U, CpuidRegister.Edx, 22, CpuVendor.Amd)]
    public void A_makers_bit_is_the_makers_alone(uint leaf, CpuidRegister register, byte bit, CpuVendor owner)
    {
        CpuidBit place = new(leaf, 0, register, bit);

        foreach (CpuModel model in CpuModels.All)
        {
            Ask(model, leaf).Has(place).ShouldBe(owner == CpuVendor.Amd);
            Ask(model.MadeBy(CpuVendor.Intel), leaf).Has(place).ShouldBe(owner == CpuVendor.Intel);
        }
    }

    [Fact]
    public void No_vendor_bit_is_a_features_bit()
    {
        CpuVendorBitTable.Rows.Select(row => row.Bit).Intersect(CpuFeatureTable.Rows.SelectMany(row => row.Bits)).ShouldBeEmpty();
        CpuVendorBitTable.Rows.Select(row => row.Bit).Distinct().Count().ShouldBe(CpuVendorBitTable.Rows.Count);
    }

    [Fact]
    public void Every_feature_shows_the_same_bits_with_both_makers()
    {
        foreach (CpuidBit bit in CpuFeatureTable.Rows.Where(row => CpuModels.Max.Has(row.Feature)).SelectMany(row => row.Bits))
        {
            Ask(Model("max"), bit.Leaf, bit.Subleaf).Has(bit).ShouldBeTrue($"{bit}");
            Ask(Intel("max"), bit.Leaf, bit.Subleaf).Has(bit).ShouldBeTrue($"{bit}");
        }
    }

    [Fact]
    public void Each_vendor_has_its_preset_and_a_preset_of_the_other_is_told()
    {
        (CpuModels.Max.MadeBy(CpuVendor.Amd).DefaultPreset.Name, CpuModels.Max.MadeBy(CpuVendor.Intel).DefaultPreset.Name).ShouldBe(("zen5", "golden-cove"));
        CpuPresets.IsOfAnotherMaker(MachinePresets.Zen5, CpuVendor.Intel).ShouldBeTrue();
        CpuPresets.IsOfAnotherMaker(MachinePresets.Skylake, CpuVendor.Amd).ShouldBeTrue();
        CpuPresets.IsOfAnotherMaker(MachinePresets.Skylake, CpuVendor.Intel).ShouldBeFalse();
        CpuPresets.IsOfAnotherMaker(MachinePresets.Tiny, CpuVendor.Intel).ShouldBeFalse();
        CpuPresets.IsOfAnotherMaker(MachinePresets.Ideal, CpuVendor.Amd).ShouldBeFalse();
    }

    private static CpuModel Model(string text)
    {
        CpuModelText.TryParse(text, out CpuModel? model, out string? problem).ShouldBeTrue(problem);
        return model!;
    }

    private static CpuModel Intel(string text) => Model(text + ",vendor=intel");

    private static CpuidLeaf Ask(CpuModel model, uint leaf, uint subleaf = 0) => CpuidLeaves.Of(model, leaf, subleaf, default);

    private static string Letters(uint four) => System.Text.Encoding.Latin1.GetString(BitConverter.GetBytes(four));
}
