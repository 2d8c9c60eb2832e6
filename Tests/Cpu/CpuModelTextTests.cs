using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Cpu;

/// <summary><c>--cpu</c> gives a processor that could be built, or says what it did not understand.</summary>
public sealed class CpuModelTextTests
{
    [Theory]
    [InlineData("v1", "x86-64-v1")]
    [InlineData("x86-64-v2", "x86-64-v2")]
    [InlineData("V3", "x86-64-v3")]
    [InlineData("max", "max")]
    public void A_model_has_a_long_name_and_a_short_one(string text, string name) => Parse(text).Name.ShouldBe(name);

    [Theory]
    [InlineData("v3,-avx", "avx avx2 fma f16c")]
    [InlineData("v3,-xsave", "xsave avx avx2 fma f16c pku")]
    [InlineData("v3,-sse4_2", "sse4_2 avx avx2 fma f16c")]
    [InlineData("v3,-bmi2", "bmi2")]
    [InlineData("v2,-cx8", "cx8 cx16")]
    public void What_needs_a_feature_goes_with_it(string text, string gone)
    {
        CpuModel before = Parse(text.Split(',')[0]);

        CpuModel after = Parse(text);

        Sorted(CpuFeatureTable.NamesOf(before.Features & ~after.Features)).ShouldBe(Sorted(gone));
        (after.Features & ~before.Features).ShouldBe(CpuFeatures.None);
    }

    [Theory]
    [InlineData("v1,+avx2", "sse3 ssse3 sse4_1 sse4_2 xsave avx avx2")]
    [InlineData("v1,+sha", "sha_ni")]
    [InlineData("v2,+pku", "xsave pku")]
    [InlineData("v3,-avx2,+avx2", "")]
    public void A_feature_brings_what_it_needs(string text, string brought)
    {
        CpuModel before = Parse(text.Split(',')[0]);

        CpuModel after = Parse(text);

        Sorted(CpuFeatureTable.NamesOf(after.Features & ~before.Features)).ShouldBe(Sorted(brought));
    }

    [Fact]
    public void The_width_of_physical_addresses_is_a_word_too() => Parse("v3,maxphyaddr=40").PhysicalBits.ShouldBe((byte)40);

    [Theory]
    [InlineData("", "v1, v2, v3")]
    [InlineData("v4", "'v4' is no model")]
    [InlineData("v3,avx", "neither vendor=amd|intel nor +FEATURE")]
    [InlineData("v3,", "neither vendor=amd|intel nor +FEATURE")]
    [InlineData("v3,+avx1024", "'avx1024' is no feature; features are")]
    [InlineData("v3,-sse2", "every x86-64 processor has sse2")]
    [InlineData("v3,-lm", "every x86-64 processor has lm")]
    [InlineData("v3,maxphyaddr=35", "a number from 36 to 52")]
    [InlineData("v3,maxphyaddr=53", "a number from 36 to 52")]
    [InlineData("v3,maxphyaddr=x", "a number from 36 to 52")]
    public void What_is_not_understood_is_named_with_what_would_be(string text, string part)
    {
        CpuModelText.TryParse(text, out CpuModel? model, out string? problem).ShouldBeFalse();

        model.ShouldBeNull();
        problem!.ShouldContain(part);
    }

    [Fact]
    public void Every_model_keeps_its_own_dependencies()
    {
        foreach (CpuModel model in CpuModels.All)
        {
            CpuFeatureTable.WithNeeds(model.Features).ShouldBe(model.Features, model.Name);
        }
    }

    [Fact]
    public void Each_level_holds_the_one_below()
    {
        CpuFeatures[] levels = [.. CpuModels.All.Select(model => model.Features)];

        levels.Zip(levels.Skip(1)).ShouldAllBe(pair => (pair.First & ~pair.Second) == CpuFeatures.None);
    }

    private static CpuModel Parse(string text)
    {
        CpuModelText.TryParse(text, out CpuModel? model, out string? problem).ShouldBeTrue(problem);
        return model!;
    }

    private static string[] Sorted(string names) => [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order()];
}
