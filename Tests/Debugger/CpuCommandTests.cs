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
