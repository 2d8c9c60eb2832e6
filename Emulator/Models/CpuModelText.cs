using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MmuEmu.Emulator.Models;

/// <summary>Models as people type them: <c>v3,vendor=intel,-avx2,+sha,maxphyaddr=40</c>.</summary>
/// <remarks>
/// Words count from left to right. A feature switched on brings what it needs; one switched off takes along what needs it, so no
/// text gives a processor that could not be built.
/// </remarks>
public static class CpuModelText
{
    /// <summary>The form, in one line.</summary>
    public const string Form = "v1, v2, v3 or max, then as wanted ,vendor=amd|intel ,+FEATURE ,-FEATURE ,maxphyaddr=BITS";

    private const string AddressBits = "maxphyaddr=";
    private const string Maker = "vendor=";
    private const byte FewestBits = 36;
    private const byte MostBits = 52;
    private const string LongPrefix = "x86-64-";

    /// <summary>What every x86-64 processor has and every kernel for it relies on.</summary>
    private const CpuFeatures Fixed =
        CpuFeatures.LongMode | CpuFeatures.Paging | CpuFeatures.Nx | CpuFeatures.Fpu | CpuFeatures.Mmx | CpuFeatures.Fxsr | CpuFeatures.Sse
        | CpuFeatures.Sse2;

    private static readonly (string Name, string Meant)[] Aliases =
    [
        ("sha", "sha_ni"), ("sse4.1", "sse4_1"), ("sse4.2", "sse4_2"), ("pni", "sse3"), ("abm", "lzcnt"), ("pclmul", "pclmulqdq"),
        ("lahf", "lahf_lm"), ("bmi", "bmi1"), ("cmpxchg16b", "cx16"), ("prefetchw", "3dnowprefetch"),
    ];

    /// <summary>The model that <paramref name="text"/> names.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="model">Out: the model, when the result is true.</param>
    /// <param name="problem">Out: what is not understood and what would be, when the result is false.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out CpuModel? model, [NotNullWhen(false)] out string? problem)
    {
        string[] words = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries);
        model = Named(words[0]);
        problem = model is null ? $"'{words[0]}' is no model; models are v1, v2, v3 (or x86-64-v1, -v2, -v3) and max" : null;
        for (int i = 1; i < words.Length && model is not null; i++)
        {
            model = Changed(model, words[i], out problem);
        }

        model = model is null || words.Length == 1 ? model : model with { Name = string.Join(',', [model.Name, .. words[1..]]) };
        return model is not null;
    }

    private static CpuModel? Named(string word)
    {
        foreach (CpuModel model in CpuModels.All)
        {
            if (model.Name == word || model.Name == LongPrefix + word)
            {
                return model;
            }
        }

        return null;
    }

    private static CpuModel? Changed(CpuModel model, string word, out string? problem)
    {
        problem = null;
        if (word.StartsWith(AddressBits, StringComparison.Ordinal))
        {
            bool number = byte.TryParse(word.AsSpan(AddressBits.Length), NumberStyles.None, CultureInfo.InvariantCulture, out byte bits);
            problem = number && bits is >= FewestBits and <= MostBits ? null : $"'{word}': maxphyaddr is a number from {FewestBits} to {MostBits}";
            return problem is null ? model with { PhysicalBits = bits } : null;
        }

        if (word.StartsWith(Maker, StringComparison.Ordinal))
        {
            CpuVendor? vendor = word[Maker.Length..] switch { "amd" => CpuVendor.Amd, "intel" => CpuVendor.Intel, _ => null };
            problem = vendor is null ? $"'{word}': vendors are amd and intel" : null;
            return vendor is null ? null : model.MadeBy(vendor.Value);
        }

        if (word.Length < 2 || word[0] is not ('+' or '-'))
        {
            problem = $"'{word}' is neither vendor=amd|intel nor +FEATURE nor -FEATURE nor maxphyaddr=BITS";
            return null;
        }

        CpuFeatures feature = FeatureOf(word[1..]);
        problem = feature == CpuFeatures.None ? $"'{word[1..]}' is no feature; features are {CpuFeatureTable.NamesOf(~Fixed)}"
            : word[0] == '-' && (feature & Fixed) != 0 ? $"'{word}': every x86-64 processor has {word[1..]}, and the kernel relies on it"
            : null;
        return problem is not null ? null
            : word[0] == '+' ? model with { Features = CpuFeatureTable.WithNeeds(model.Features | feature) }
            : model with { Features = CpuFeatureTable.WithoutOrphans(model.Features & ~feature) };
    }

    private static CpuFeatures FeatureOf(string name)
    {
        foreach ((string alias, string meant) in Aliases)
        {
            name = name == alias ? meant : name;
        }

        foreach (CpuFeatureRow row in CpuFeatureTable.Rows)
        {
            if (row.Name == name)
            {
                return row.Feature;
            }
        }

        return CpuFeatures.None;
    }
}
