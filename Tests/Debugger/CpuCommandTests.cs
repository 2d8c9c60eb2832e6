using System.Text.Json;
using Iced.Intel;
using MmuEmu.Debugger;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger;

/// <summary><c>mmuemu cpu</c> and the option <c>--cpu</c>.</summary>
public sealed class CpuCommandTests
{
    [Fact]
    public void The_list_has_a_line_for_each_feature_and_names_the_default()
    {
        CommandResult run = CommandHarness.Run("cpu");

        run.Status.ShouldBe(ExitCodes.Ok);
        CpuFeatureTable.Rows.ShouldAllBe(row => run.Out.Contains($"\n{row.Name} "));
        run.Out.ShouldContain("The default is x86-64-v3");
        run.Out.ShouldContain("The vendor is AuthenticAMD. Choose the other one: --cpu v3,vendor=intel");
    }

    [Theory]
    [InlineData("v3", "AuthenticAMD", "family 23, model 1, stepping 2 (CPUID.01H:EAX = 00800F12H)", "zen5", "48 KiB, 12-way, 64 sets", "4K: 4095 entries or more, 8- to 15-way", "CPUID.80000006H:EBX")]
    [InlineData("v3,vendor=intel", "GenuineIntel", "family 6, model 60, stepping 3 (CPUID.01H:EAX = 000306C3H)", "golden-cove", "1280 KiB, 10-way, 2048 sets", "1G: 8 entries, fully associative", "CPUID.18H.3")]
    public void One_model_is_told_with_its_vendor_caches_tlbs_and_habits(
        string text, string vendor, string signature, string preset, string cache, string tlb, string place)
    {
        CommandResult run = CommandHarness.Run("cpu", text);

        run.Status.ShouldBe(ExitCodes.Ok);
        run.Out.ShouldContain($"vendor {vendor}, ");
        run.Out.ShouldContain(signature);
        run.Out.ShouldContain($"Caches and TLBs of {preset} ");
        run.Out.ShouldContain(cache);
        run.Out.Split('\n').ShouldContain(line => line.Contains(tlb) && line.EndsWith(place, StringComparison.Ordinal));
        CpuVendor maker = vendor == "GenuineIntel" ? CpuVendor.Intel : CpuVendor.Amd;
        foreach (CpuHabitRow row in CpuHabitTable.Rows)
        {
            run.Out.Contains($"  {row.Subject}: {(maker == CpuVendor.Intel ? row.Intel : row.Amd)}\n", StringComparison.Ordinal).ShouldBe(row.Has == maker, row.Subject);
        }
    }

    [Fact]
    public void Json_tells_of_vendor_signature_caches_and_tlbs()
    {
        CommandResult run = CommandHarness.Run("cpu", "--json", "max,vendor=intel");

        JsonElement model = JsonDocument.Parse(run.Out).RootElement.GetProperty("models")[0];
        (model.GetProperty("vendor").GetString(), model.GetProperty("preset").GetString()).ShouldBe(("GenuineIntel", "golden-cove"));
        (model.GetProperty("family").GetInt32(), model.GetProperty("model").GetInt32(), model.GetProperty("stepping").GetInt32()).ShouldBe((6, 207, 2));
        model.GetProperty("caches").EnumerateArray().Select(c => c.GetProperty("bytes").GetInt32()).ShouldBe([48 << 10, 32 << 10, 1280 << 10, 30 << 20]);
        model.GetProperty("tlbs").EnumerateArray().Select(t => t.GetProperty("entries").GetInt32()).ShouldBe([96, 32, 8, 256, 32, 2048, 1024, 1024]);
        model.GetProperty("habits").GetArrayLength().ShouldBe(CpuHabitTable.Rows.Count(row => row.Has == CpuVendor.Intel));
    }

    [Theory]
    [InlineData("v3", null, "zen5", "AuthenticAMD", 0)]
    [InlineData("v3,vendor=intel", null, "golden-cove", "GenuineIntel", 0)]
    [InlineData("v3,vendor=intel", "skylake", "skylake", "GenuineIntel", 0)]
    [InlineData("v3,vendor=intel", "tiny", "tiny", "GenuineIntel", 0)]
    [InlineData("v3,vendor=intel", "zen5", "zen5", "GenuineIntel", 1)]
    [InlineData("v3", "golden-cove", "golden-cove", "AuthenticAMD", 1)]
    public void The_preset_follows_the_vendor_and_another_pairing_is_told_once(string cpu, string? preset, string used, string vendor, int lines)
    {
        string[] words = ["run", "--cpus", "2", "--cpu", cpu, .. preset is null ? Array.Empty<string>() : ["--preset", preset]];

        JsonElement document = JsonDocument.Parse(CommandHarness.Run([.. words, "--json", "hello"]).Out).RootElement;
        CommandResult run = CommandHarness.Run([.. words, "hello"]);

        (document.GetProperty("preset").GetString(), document.GetProperty("vendor").GetString()).ShouldBe((used, vendor));
        document.GetProperty("diagnostics").GetArrayLength().ShouldBe(lines);
        run.Status.ShouldBe(0);
        run.Error.Split('\n').Count(line => line.StartsWith($"mmuemu: preset {used} is of ", StringComparison.Ordinal)).ShouldBe(lines, run.Error);
    }

    [Fact]
    public void One_model_is_told_with_its_cpuid_bits()
    {
        CommandResult run = CommandHarness.Run("cpu", "v2,+sha");

        run.Status.ShouldBe(ExitCodes.Ok);
        run.Out.ShouldContain("CPUID.07H.0:EBX[29]");
        run.Out.Split('\n').ShouldContain(line => line.StartsWith("  without:", StringComparison.Ordinal) && line.Contains(" avx2 "));
    }

    [Fact]
    public void Json_lists_every_model_with_its_features()
    {
        CommandResult run = CommandHarness.Run("cpu", "--json");

        JsonElement root = JsonDocument.Parse(run.Out).RootElement;
        root.GetProperty("schema").GetString().ShouldBe("mmuemu.cpu/1");
        root.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("name").GetString()).ShouldBe(CpuModels.All.Select(m => m.Name));
        root.GetProperty("models")[1].GetProperty("features").EnumerateArray().Select(f => f.GetString()).ShouldContain("sse4_2");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("walk")]
    [InlineData("why")]
    public void A_bad_model_is_refused_before_anything_runs(string command)
    {
        string[] address = command == "walk" ? ["0x401000"] : [];

        CommandResult run = CommandHarness.Run([command, "--cpu", "v3,+avx1024", "hello", .. address]);

        (run.Status, run.GuestOut).ShouldBe((ExitCodes.Usage, ""));
        run.Error.ShouldContain("--cpu 'avx1024' is no feature; features are");
        run.Error.ShouldContain("mmuemu cpu");
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    [InlineData("v3")]
    [InlineData("max")]
    [InlineData("v3,-xsave")]
    [InlineData("v1,vendor=intel")]
    [InlineData("v2,vendor=intel")]
    [InlineData("v3,vendor=intel")]
    [InlineData("max,vendor=intel")]
    [InlineData("v3,-pcid,-smep,-pdpe1gb,maxphyaddr=40")]
    public void A_glibc_program_runs_under_every_model(string model)
    {
        CommandResult run = CommandHarness.Run("run", "--quiet", "--cpu", model, "hello-glibc");

        (run.Status, run.GuestOut, run.Error).ShouldBe((0, "Hello from a guest.\n", ""));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    [InlineData("max")]
    [InlineData("v3,-pcid")]
    [InlineData("v1,vendor=intel")]
    [InlineData("v2,vendor=intel")]
    public void A_whole_libc_prints_the_same_under_every_model(string model)
    {
        CommandResult expected = CommandHarness.Run("run", "--quiet", "libc-mix-glibc");

        CommandResult run = CommandHarness.Run("run", "--quiet", "--cpu", model, "libc-mix-glibc");

        (run.Status, run.GuestOut).ShouldBe((expected.Status, expected.GuestOut));
    }

    [Fact]
    public void An_instruction_that_the_model_has_not_is_told_with_the_feature_it_needs()
    {
        using AsmGuest guest = new(a => a.vaddps(AssemblerRegisters.ymm1, AssemblerRegisters.ymm2, AssemblerRegisters.ymm3));

        CommandResult run = CommandHarness.Run("run", "--cpu", "v2", guest.Path);

        run.Error.ShouldContain("VADDPS ymm1, ymm2, ymm3/m256 at 0x");
        run.Error.ShouldContain("needs avx, which --cpu x86-64-v2 has not: the guest gets SIGILL");
        run.Status.ShouldBe(ExitCodes.SignalBase + 4);
    }
}
