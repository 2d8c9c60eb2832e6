using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Tests.Samples;

public sealed class PressureSample
{
    [Fact]
    public void Frames_taken_at_an_instruction_come_back_from_swap_when_they_are_touched()
    {
        RunResult calm = Run();
        RunResult pressed = Run("at insn 100000: reclaim 64 frames");

        Assert.Equal(EndReason.Exited, pressed.Reason);
        Assert.Empty(pressed.Unfired);
        Assert.Equal(calm.Time, pressed.Time);
        Assert.Equal(63UL, pressed.Statistics.Memory[MmCounter.PgMajFault] - calm.Statistics.Memory[MmCounter.PgMajFault]);
        Assert.True(pressed.Statistics.PageFaults > calm.Statistics.PageFaults);
    }

    /// <summary>Runs a program that follows pointers over 256 pages; any x86-64 ELF file of yours would do.</summary>
    private static RunResult Run(params string[] rules)
    {
        BytesOutput output = new();
        KernelOptions options = new()
        {
            Program = Path.Combine(AppContext.BaseDirectory, "guests", "chase"),
            ProgramPath = "/guests/chase",
            HostRoot = null,
            Arguments = ["/guests/chase", "256", "20000"],
            SwapBytes = 16UL << 20,
            Output = output,
            Pressure = [.. rules.Select(Rule)],
        };

        Assert.True(KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure), failure?.Name);
        using (kernel)
        {
            return kernel.Run();
        }
    }

    private static PressureRule Rule(string text)
    {
        Assert.True(PressureRuleParser.TryParse(text, out PressureRule rule, out PressureError error), $"{error}");
        return rule;
    }
}
