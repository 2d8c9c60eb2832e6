using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>How long a file's marks last: until nobody has it open and nobody maps it.</summary>
public sealed class FileLifetimeTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly FileVrangeHarness _h = new();

    [Fact, Spec("V-183")]
    public void A_new_mapping_of_the_same_file_finds_it_volatile_still()
    {
        OpenFile open = _h.Open();
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);

        Unmap.Range(_h.Mm.Mem, _h.A, a, 8 * Page).ShouldBe(Errno.None);
        VirtAddr again = _h.Map(_h.A);

        _h.Ranges.ShouldBe("0-1");
        _h.PurgeRanges(1).ShouldBe(2UL);
        _h.Touch(_h.A, again).ShouldBeBusErrorAt(again);
        open.Release();
    }

    [Fact, Spec("V-200")]
    public void The_last_close_of_a_file_that_nobody_maps_clears_all_volatility()
    {
        OpenFile open = _h.Open();
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);
        _ = _h.Mark(_h.A, a + (4 * Page), 2);
        _ = _h.PurgeRanges(1);
        Unmap.Range(_h.Mm.Mem, _h.A, a, 8 * Page).ShouldBe(Errno.None);
        _h.Ranges.ShouldBe("0-1! 4-5");

        open.Release();

        (_h.Ranges, _h.V.Purger.Age.Count, _h.V.Purger.Pool.InUse).ShouldBe(("", 0, 0));
        VirtAddr again = _h.Map(_h.A);
        (_h.Read(_h.A, again), _h.Read(_h.A, again + (4 * Page))).ShouldBe(((byte)0, (byte)7));
        _h.PurgeRanges(1).ShouldBe(0UL);
    }

    [Fact, Spec("V-201", "V-202")]
    public void One_close_of_two_and_the_end_of_the_process_that_marked_leave_the_file_volatile()
    {
        OpenFile ofA = _h.Open();
        OpenFile ofB = _h.Open();
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);

        ofA.Release();
        _ = _h.Mm.Run(_h.B);
        _h.End(_h.A);

        _h.Ranges.ShouldBe("0-1");
        VirtAddr b = _h.Map(_h.B);
        _h.PurgeRanges(1).ShouldBe(2UL);
        _h.Touch(_h.B, b).ShouldBeBusErrorAt(b);
        ofB.Release();
        _h.Ranges.ShouldBe("0-1!");
    }

    [Fact, Spec("V-203")]
    public void A_mapping_counts_as_open()
    {
        OpenFile open = _h.Open();
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 2);

        open.Release();
        _h.Ranges.ShouldBe("0-1");

        Unmap.Range(_h.Mm.Mem, _h.A, a, 8 * Page).ShouldBe(Errno.None);
        _h.Ranges.ShouldBe("");
    }

    [Fact]
    public void A_duplicate_descriptor_and_a_childs_copy_are_one_opening()
    {
        OpenFile open = _h.Open();
        OpenFile copy = open.Share();
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 1);
        Unmap.Range(_h.Mm.Mem, _h.A, a, 8 * Page).ShouldBe(Errno.None);

        open.Release();
        _h.Ranges.ShouldBe("0-0");
        copy.Release();
        _h.Ranges.ShouldBe("");
    }

    [Fact]
    public void An_unlinked_file_keeps_its_marks_until_its_last_user_goes()
    {
        OpenFile open = _h.Open();
        VirtAddr a = _h.MapFilled(_h.A);
        _ = _h.Mark(_h.A, a, 1);

        _h.Content.Unlinked();
        open.Release();
        _h.Ranges.ShouldBe("0-0");

        _h.End(_h.A);
        (_h.V.Purger.Age.Count, _h.V.Purger.Pool.InUse).ShouldBe((0, 0));
    }

    public void Dispose() => _h.Dispose();
}
