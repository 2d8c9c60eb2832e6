using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Guests;

/// <summary>What the vrange-recover guest lives through, seen from the machine's side.</summary>
public sealed class VrangeStoryTests
{
    /// <summary>Pages 2 to 5 are purged, and page n is touched at its byte 0x123 + n.</summary>
    private static readonly ulong[] PurgedPages = [2, 3, 4, 5];

    [Fact]
    [Spec("V-064", "V-080", "V-082", "V-085", Profile = "v10")]
    public void Each_purged_page_raises_one_SIGBUS_at_the_exact_byte_and_its_entry_holds_the_purged_value()
    {
        // When the guest runs to its end
        GuestRun run = GuestRun.Of(GuestFiles.BuiltFileOf(GuestFiles.Find("vrange-recover")));

        // Then it recovered,
        (run.Result.Reason, run.Result.ExitCode).ShouldBe((EndReason.Exited, 0), run.Output.Text);

        // each purged page was one fault on the entry 0x3E,
        FaultDetail[] purged = [.. run.Trace!.Faults.Where(fault => fault.Signal.Signal == Signal.SIGBUS)];
        purged.Select(fault => (fault.Kind, fault.Path.Last.Entry.Raw)).ShouldBe(PurgedPages.Select(_ => (FaultKind.Purged, 0x3EUL)));

        // and one handled SIGBUS at the byte that was touched.
        ulong cache = purged[0].Fault.Cr2.Raw - (2 * 4096) - 0x125;
        run.Trace.Signals.Select(signal => (signal.Info.Signal, signal.Info.Code, signal.Info.Address.Raw - cache, signal.Fate))
            .ShouldBe(PurgedPages.Select(page => (Signal.SIGBUS, SigCode.BusAdrErr, (page * 4096) + 0x123 + page, SignalFate.Handled)));
    }
}
