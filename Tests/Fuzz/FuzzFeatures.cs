using Iced.Intel;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Fuzz;

/// <summary>What belongs to <c>--cpu max</c>, what this machine's processor has of it, and the group that reports count it under.</summary>
public static class FuzzFeatures
{
    /// <summary>Names in /proc/cpuinfo that differ from those of the models.</summary>
    private static readonly Dictionary<string, string> LinuxNames = new() { ["sse3"] = "pni", ["lzcnt"] = "abm" };

    private static readonly (string Group, CpuidFeature[] Features)[] Groups =
    [
        ("x87", [CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387]),
        ("MMX", [CpuidFeature.MMX]),
        ("SSE", [CpuidFeature.SSE]),
        ("SSE2", [CpuidFeature.SSE2]),
        ("SSE3+SSSE3", [CpuidFeature.SSE3, CpuidFeature.SSSE3]),
        ("SSE4", [CpuidFeature.SSE4_1, CpuidFeature.SSE4_2]),
        ("AES+SHA", [CpuidFeature.AES, CpuidFeature.PCLMULQDQ, CpuidFeature.SHA]),
        ("AVX", [CpuidFeature.AVX]),
        ("AVX2", [CpuidFeature.AVX2]),
        ("FMA", [CpuidFeature.FMA]),
        ("F16C", [CpuidFeature.F16C]),
        ("BMI", [CpuidFeature.BMI1, CpuidFeature.BMI2, CpuidFeature.ADX, CpuidFeature.POPCNT, CpuidFeature.LZCNT, CpuidFeature.MOVBE]),
        ("XSAVE", [CpuidFeature.FXSR, CpuidFeature.XSAVE, CpuidFeature.XSAVEOPT, CpuidFeature.XSAVEC]),
    ];

    /// <summary>MXCSR.MM, where this machine's processor has it: images may set it; else 0.</summary>
    public static uint MisalignedMode => HostProcessor.Has("misalignsse") ? 1U << 17 : 0;

    /// <summary>True when the model has all that <paramref name="code"/> needs.</summary>
    public static bool InModel(Code code) => CpuModels.Max.Has(FeatureGate.NeedsOf(code));

    /// <summary>The first feature that <paramref name="code"/> needs and this machine's processor lacks; null when it has all.</summary>
    public static string? MissingOnHost(Code code)
    {
        CpuFeatures needs = FeatureGate.NeedsOf(code);
        return CpuFeatureTable.Rows.Where(row => (needs & row.Feature) != 0).Select(row => LinuxNames.GetValueOrDefault(row.Name, row.Name))
            .FirstOrDefault(name => !HostProcessor.Has(name));
    }

    /// <summary>The group of <paramref name="code"/>.</summary>
    public static string GroupOf(Code code)
    {
        if (code == Code.INVALID)
        {
            return "no instruction";
        }

        CpuidFeature[] features = code.CpuidFeatures();
        foreach ((string group, CpuidFeature[] members) in Groups)
        {
            if (members.Contains(features[0]))
            {
                return group;
            }
        }

        return "integer";
    }
}
