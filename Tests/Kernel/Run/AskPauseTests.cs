using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>A run that is asked to pause from outside goes on afterwards as if nothing had been.</summary>
public sealed class AskPauseTests
{
    [Fact]
    public void A_run_that_was_asked_to_pause_says_so_and_goes_on_to_the_same_end()
    {
        using MiniKernel plain = Start();
        RunResult end = plain.Run();
        using MiniKernel asked = Start();

        // When it is asked before its first step, and again in the middle
        asked.AskPause();
        RunResult first = asked.Run();
        asked.Run(StopAt.Time(end.Time / 2)).Reason.ShouldBe(EndReason.Paused);
        asked.AskPause();
        RunResult second = asked.Run();
        RunResult last = asked.Run();

        // Then each time it pauses once, and the end is the same
        (first.Reason, first.Time, first.ExitCode).ShouldBe((EndReason.Interrupted, 0UL, 0));
        (second.Reason, second.Time).ShouldBe((EndReason.Interrupted, end.Time / 2));
        (last.Reason, last.Time, last.ExitCode).ShouldBe((end.Reason, end.Time, end.ExitCode));
        asked.HashRam().ShouldBe(plain.HashRam());
    }

    private static MiniKernel Start()
    {
        GuestCatalogue.TryFindFile("vrange-recover", out string? file).ShouldBeTrue();
        KernelBuilder.TryBuild(new KernelOptions { Program = file!, ProgramPath = "/guests/vrange-recover", HostRoot = null }, out MiniKernel? kernel, out _).ShouldBeTrue();
        return kernel!;
    }
}
