using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Fuzz;

/// <summary>The processor that the tests run on: who made it, and how far the models claim to be it.</summary>
public static class HostProcessor
{
    private const int FamilyOfZen4 = 25;

    /// <summary>Family and model of the processors whose records the habits follow: AMD Zen 4, Intel Raptor Cove.</summary>
    private static readonly (CpuVendor Vendor, int Family, int Model)[] Recorded =
        [(CpuVendor.Amd, FamilyOfZen4, 17), (CpuVendor.Intel, 6, 207)];

    private static readonly HashSet<string> Flags = ReadFlags();

    /// <summary>Its maker; null where it is none of those that the emulator models, or no x86-64 Linux.</summary>
    public static CpuVendor? Vendor { get; } = ReadVendor();

    /// <summary>Family and model as CPUID tells them; 0 and 0 where there is no CPUID.</summary>
    public static (int Family, int Model) Signature { get; } = ReadSignature();

    /// <summary>True when it is of a generation that was recorded: then what the manuals leave undefined is compared as well.</summary>
    public static bool IsRecorded { get; } = Vendor is CpuVendor vendor && Array.Exists(Recorded, one => one == (vendor, Signature.Family, Signature.Model));

    /// <summary>AMD's Zen 4, from which Zen 5 differs in what <see cref="Zen4"/> and <see cref="Mutator"/> name.</summary>
    public static bool IsZen4 { get; } = Vendor == CpuVendor.Amd && Signature is (FamilyOfZen4, (>= 0x10 and <= 0x1F) or (>= 0x60 and <= 0x7F) or (>= 0xA0 and <= 0xAF));

    /// <summary>True when Linux names the feature <paramref name="flag"/> in /proc/cpuinfo.</summary>
    public static bool Has(string flag) => Flags.Contains(flag);

    /// <summary>What <c>--cpu</c> names the largest model of its maker: <c>max,vendor=amd</c> or <c>max,vendor=intel</c>.</summary>
    public static string LargestModel => $"max,vendor={(Vendor == CpuVendor.Intel ? "intel" : "amd")}";

    /// <summary>The same features as the host's maker would build them, with what this generation of its processors does otherwise.</summary>
    public static CpuModel Like(CpuModel model) => Vendor is not CpuVendor vendor ? model
        : IsZen4 ? Zen4(model)
        : model.MadeBy(vendor);

    /// <summary>AMD's Zen 4, whose records the tests hold: the model follows Zen 5 where the two differ.</summary>
    public static CpuModel Zen4(CpuModel model)
    {
        CpuModel amd = model.MadeBy(CpuVendor.Amd);
        return amd with { Habits = amd.Habits | CpuHabits.ComparesTargetFirst | CpuHabits.MaskedMoveWrapsNarrowly };
    }

    private static HashSet<string> ReadFlags()
    {
        string line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("flags", StringComparison.Ordinal)) ?? ""
            : "";
        return [.. line.Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries)];
    }

    private static CpuVendor? ReadVendor()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !X86Base.IsSupported)
        {
            return null;
        }

        (_, int b, int c, int d) = X86Base.CpuId(0, 0);
        Span<byte> letters = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(letters, b);
        BinaryPrimitives.WriteInt32LittleEndian(letters[4..], d);
        BinaryPrimitives.WriteInt32LittleEndian(letters[8..], c);
        return Encoding.ASCII.GetString(letters) switch
        {
            "AuthenticAMD" => CpuVendor.Amd,
            "GenuineIntel" => CpuVendor.Intel,
            _ => null,
        };
    }

    private static (int Family, int Model) ReadSignature()
    {
        if (Vendor is null)
        {
            return (0, 0);
        }

        int a = X86Base.CpuId(1, 0).Eax;
        int family = (a >> 8) & 15;
        bool extended = family is 6 or 15;
        return (family == 15 ? family + ((a >> 20) & 255) : family, ((a >> 4) & 15) | (extended ? ((a >> 16) & 15) << 4 : 0));
    }
}
