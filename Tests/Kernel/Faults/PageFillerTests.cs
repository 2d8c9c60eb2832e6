using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Faults;

/// <summary>Pages that are filled before they are touched.</summary>
public sealed class PageFillerTests
{
    [Fact]
    public void A_page_that_goes_whenever_room_is_made_for_its_copy_is_refused_and_not_tried_for_ever()
    {
        // Given a page that two spaces share, and reclaim that takes it away from one whenever a frame is taken
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 7);
        Fork.Copy(mm.Mem, mm.Space).Ok(out _, out _).ShouldBeTrue();
        Thief thief = new(mm, page);
        mm.Mem.Report.Events = thief;

        // When it is to be filled for a write
        Refusal refusal = mm.Mem.Filler!.Fill(mm.Space, page, AccessKind.Write);

        // Then there is no room for it, and nothing is lost
        refusal.ShouldBe(new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame));
        thief.Stolen.ShouldBeInRange(2, 64);
        mm.Mem.Report.Events = null;
        mm.Read(page).ShouldBe((byte)7);
        mm.ShouldBeSound();
    }

    private sealed class Thief(MmHarness mm, VirtAddr page) : ITraceSink
    {
        public int Stolen { get; private set; }

        public void Take(in TraceEvent happened)
        {
            if (happened.Kind == KernelEvent.FrameTaken && mm.Mem.Editor.FindPte(mm.Space.Tables, page, out PteSlot at) == Descent.Found && at.Entry.Present)
            {
                SpaceScan.TakeNow(mm.Mem, mm.Space, at);
                Stolen++;
            }
        }
    }
}
