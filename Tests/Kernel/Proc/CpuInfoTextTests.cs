using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Proc;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Proc;

/// <summary>/proc/cpuinfo as guests read it.</summary>
public sealed class CpuInfoTextTests
{
    private const string Busybox = "/bin/busybox";

    private static readonly string[] Fields =
    [
        "processor", "vendor_id", "cpu family", "model", "model name", "stepping", "cpu MHz", "cache size", "physical id", "siblings", "core id",
        "cpu cores", "apicid", "initial apicid", "fpu", "fpu_exception", "cpuid level", "wp", "flags", "bogomips", "clflush size",
        "cache_alignment", "address sizes", "power management",
    ];

    [Theory]
    [InlineData("v3", "AuthenticAMD", "23", "1", "2", "1024 KB", "13", "4095 4K pages")]
    [InlineData("max,vendor=intel", "GenuineIntel", "6", "207", "2", "30720 KB", "24", null)]
    public void A_guest_reads_who_made_its_processors(
        string model, string vendor, string family, string number, string stepping, string cache, string level, string? tlbs)
    {
        List<Dictionary<string, string>> all = EntriesOf(model, cpus: 3);

        all.Count.ShouldBe(3);
        for (int i = 0; i < all.Count; i++)
        {
            Dictionary<string, string> entry = all[i];
            entry.Keys.Where(key => key != "TLB size").ShouldBe(Fields);
            (entry["vendor_id"], entry["cpu family"], entry["model"], entry["stepping"]).ShouldBe((vendor, family, number, stepping));
            (entry["cache size"], entry["cpuid level"], entry.GetValueOrDefault("TLB size")).ShouldBe((cache, level, tlbs));
            (entry["processor"], entry["core id"], entry["apicid"], entry["initial apicid"]).ShouldBe(($"{i}", $"{i}", $"{i}", $"{i}"));
            (entry["siblings"], entry["cpu cores"], entry["physical id"]).ShouldBe(("3", "3", "0"));
            (entry["address sizes"], entry["clflush size"]).ShouldBe(("48 bits physical, 48 bits virtual", "64"));
        }
    }

    [Theory]
    [InlineData("v1", "fpu pse tsc msr pae cx8 sep pge cmov pat pse36 clflush mmx fxsr sse sse2 syscall nx mmxext pdpe1gb rdtscp lm pcid hypervisor cr8_legacy misalignsse topoext fsgsbase smep invpcid smap xsaveerptr umip")]
    [InlineData("v2,vendor=intel", "fpu pse tsc msr pae cx8 sep pge cmov pat pse36 clflush mmx fxsr sse sse2 syscall nx pdpe1gb rdtscp lm pni ssse3 cx16 pcid sse4_1 sse4_2 popcnt hypervisor lahf_lm fsgsbase smep invpcid smap umip")]
    public void Flags_have_linuxs_names_in_its_order(string model, string flags) => EntriesOf(model, cpus: 1)[0]["flags"].ShouldBe(flags);

    [Fact]
    public void The_file_has_linuxs_columns_and_an_empty_line_behind_each_processor()
    {
        string[] entries = TextOf("v3", cpus: 2).Split("\n\n");

        (entries.Length, entries[2]).ShouldBe((3, ""));
        string[] lines = entries[1].Split('\n');
        lines.Where(line => !line.StartsWith("flags", StringComparison.Ordinal) && !line.StartsWith("model name", StringComparison.Ordinal)).ShouldBe(
        [
            "processor\t: 1", "vendor_id\t: AuthenticAMD", "cpu family\t: 23", "model\t\t: 1", "stepping\t: 2", "cpu MHz\t\t: 1000.000",
            "cache size\t: 1024 KB", "physical id\t: 0", "siblings\t: 2", "core id\t\t: 1", "cpu cores\t: 2", "apicid\t\t: 1",
            "initial apicid\t: 1", "fpu\t\t: yes", "fpu_exception\t: yes", "cpuid level\t: 13", "wp\t\t: yes", "bogomips\t: 2000.00",
            "TLB size\t: 4095 4K pages", "clflush size\t: 64", "cache_alignment\t: 64", "address sizes\t: 48 bits physical, 48 bits virtual",
            "power management:",
        ]);
        lines.Single(line => line.StartsWith("flags", StringComparison.Ordinal)).ShouldStartWith("flags\t\t: fpu ");
        lines.Single(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ').ShouldContain("pni");
    }

    [Fact]
    public void Its_lines_begin_as_the_hosts_do_in_the_hosts_order()
    {
        const string Own = "/proc/cpuinfo";
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "the host is no x86-64 Linux");
        string[] host = BeginningsOf(File.ReadAllText(Own));
        string[] guest = BeginningsOf(TextOf("max", cpus: 1));

        guest.Intersect(host).Count().ShouldBeGreaterThan(15);
        guest.Where(line => host.Select(Name).Contains(Name(line))).ShouldBe(host.Where(line => guest.Select(Name).Contains(Name(line))));
    }

    [Fact]
    public void Every_bit_of_a_feature_has_a_name_once()
    {
        CpuidBit[] named = [.. CpuFlagTable.Rows.Select(row => row.Bit)];

        named.Distinct().Count().ShouldBe(named.Length);
        CpuFlagTable.Rows.Select(row => row.Name).Distinct().Count().ShouldBe(named.Length);
        CpuFeatureTable.Rows.SelectMany(row => row.Bits).Except(named).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2,vendor=intel")]
    [InlineData("v3,-avx2,-pcid")]
    [InlineData("max,vendor=intel")]
    [InlineData("max")]
    public void A_flag_is_there_exactly_when_CPUID_says_so(string model)
    {
        string[] flags = EntriesOf(model, cpus: 1)[0]["flags"].Split(' ');
        CpuModel own = Model(model);

        foreach ((CpuidBit bit, string name) in CpuFlagTable.Rows.Where(row => row.Name != "ospke"))
        {
            flags.Contains(name).ShouldBe(CpuidLeaves.Of(own, bit.Leaf, bit.Subleaf, default).Has(bit), name);
        }

        flags.Except(CpuFlagTable.Rows.Select(row => row.Name)).ShouldBeEmpty();
    }

    [Fact]
    public void A_name_that_the_host_prints_stands_for_a_bit_that_the_host_has()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && X86Base.IsSupported, "the host is no x86-64 Linux");
        string[] host = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ');

        foreach ((CpuidBit bit, string name) in CpuFlagTable.Rows.Where(row => host.Contains(row.Name)))
        {
            (int eax, int ebx, int ecx, int edx) = X86Base.CpuId((int)bit.Leaf, (int)bit.Subleaf);
            new CpuidLeaf((uint)eax, (uint)ebx, (uint)ecx, (uint)edx).Has(bit).ShouldBeTrue(name);
        }
    }

    [Theory]
    [InlineData("v3", "AuthenticAMD")]
    [InlineData("v3,vendor=intel", "GenuineIntel")]
    public void Busybox_finds_the_processors(string model, string vendor)
    {
        Assert.SkipUnless(File.Exists(Busybox), $"{Busybox} is not there (Debian: busybox-static)");
        string[] command = [Busybox, "sh", "-c", "nproc; grep -c ^processor /proc/cpuinfo; sed -n 's/^vendor_id.*: //p' /proc/cpuinfo | sort -u"];

        GuestRun run = GuestRun.Of(GuestRun.Options(Busybox) with { Arguments = command, Cpus = 4, Cpu = Model(model) });

        run.Output.Text.ShouldBe($"4\n4\n{vendor}\n");
    }

    /// <summary>The lines of the first processor up to their colon, tabs included.</summary>
    private static string[] BeginningsOf(string text) =>
        [.. text.Split("\n\n")[0].Split('\n').Select(line => line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)])];

    private static string Name(string beginning) => beginning.TrimEnd(':', ' ', '\t');

    private static CpuModel Model(string text)
    {
        CpuModelText.TryParse(text, out CpuModel? model, out string? problem).ShouldBeTrue(problem);
        return model!;
    }

    private static List<Dictionary<string, string>> EntriesOf(string model, int cpus) =>
    [
        .. TextOf(model, cpus).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('\n')
            .ToDictionary(line => line.Split(':')[0].TrimEnd('\t'), line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())),
    ];

    /// <summary>The file as a guest reads it.</summary>
    private static string TextOf(string model, int cpus)
    {
        KernelOptions options = GuestRun.Options(GuestFilesPath) with { Cpus = cpus, Cpu = Model(model), Trace = null };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            FileSystem files = kernel!.System.Files;
            files.Find(files.Root, "/proc/cpuinfo", LastLink.Follow).Ok(out Place? place, out Errno errno).ShouldBeTrue($"{errno}");
            byte[] bytes = new byte[65536];
            place!.Inode.Content!.Read(0, bytes).Ok(out int count, out errno).ShouldBeTrue($"{errno}");
            return Encoding.UTF8.GetString(bytes, 0, count);
        }
    }

    private static string GuestFilesPath => MmuEmu.Tests.Guests.GuestFiles.BuiltFileOf(MmuEmu.Tests.Guests.GuestFiles.Find("hello"));
}
