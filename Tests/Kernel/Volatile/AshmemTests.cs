using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>/dev/ashmem: areas, pins, and how they differ from vrange.</summary>
public sealed class AshmemTests
{
    private const ulong Area = 0x2000_0000;
    private const ulong Page = 4096;
    private const ulong Answers = AssembledGuest.Data;
    private const ulong Path = AssembledGuest.Data + 0x8000;
    private const ulong PinWords = AssembledGuest.Data + 0x8100;
    private const ulong Fd = 3;
    private const ulong SetName = 0x4100_7701;
    private const ulong GetName = 0x8100_7702;
    private const ulong SetSize = 0x4008_7703;
    private const ulong GetSize = 0x7704;
    private const ulong SetRights = 0x4008_7705;
    private const ulong GetRights = 0x7706;
    private const ulong Pin = 0x4008_7707;
    private const ulong Unpin = 0x4008_7708;
    private const ulong PinStatus = 0x7709;
    private const ulong PurgeAll = 0x770A;
    private const long Einval = -(long)Errno.EINVAL;

    [Fact]
    public void The_device_is_there_only_when_the_profile_says_so()
    {
        Run(KernelProfile.Default, 1, c => Open(c, 0)).ShouldBe([-(long)Errno.ENOENT]);
        Run(Profile, 1, c => Open(c, 0)).ShouldBe([3]);
    }

    [Fact]
    public void Size_name_and_rights_are_set_before_the_first_mapping_and_fixed_after_it()
    {
        long[] answers = Run(Profile, 16, c =>
        {
            Open(c, 0);
            Keep(c, 1, 9, Area, Page, 3, 0x11, Fd, 0);
            Keep(c, 2, 16, Fd, SetSize, 3 * Page);
            Keep(c, 3, 16, Fd, GetSize, 0);
            Keep(c, 4, 16, Fd, SetName, Path);
            Keep(c, 5, 16, Fd, GetRights, 0);
            Keep(c, 6, 16, Fd, SetRights, 3);
            Keep(c, 7, 16, Fd, SetRights, 7);
            Keep(c, 8, 9, Area, Page, 7, 0x11, Fd, 0);
            Keep(c, 9, 9, Area, 4 * Page, 3, 0x11, Fd, 0);
            Keep(c, 10, 9, Area, 3 * Page, 3, 0x11, Fd, 0);
            Keep(c, 11, 16, Fd, SetSize, Page);
            Keep(c, 12, 16, Fd, SetName, Path);
            Keep(c, 13, 16, Fd, GetName, 8);
            Keep(c, 14, 10, Area, Page, 7);
            Keep(c, 15, 16, Fd, 0x770B, 0);
        });

        answers.ShouldBe(
        [
            3, Einval, 0, 3 * (long)Page, 0, 7, 0, Einval, -(long)Errno.EPERM, Einval, (long)Area, Einval, Einval, -(long)Errno.EFAULT, -(long)Errno.EACCES, -(long)Errno.ENOTTY,
        ]);
    }

    [Fact, Spec("V-230")]
    public void Unpin_answers_0_and_pin_tells_whether_any_range_that_it_touches_was_purged()
    {
        long[] answers = Run(Profile, 12, c =>
        {
            OpenAndMap(c, 8);
            OfPins(c, 1, Unpin, 0, 2);
            OfPins(c, 2, Unpin, 4, 2);
            OfPins(c, 3, PinStatus, 0, 8);
            OfPins(c, 4, PinStatus, 2, 2);
            OfPins(c, 5, Pin, 0, 1);
            Keep(c, 6, 16, Fd, PurgeAll, 0);
            OfPins(c, 7, Pin, 2, 2);
            OfPins(c, 8, Pin, 1, 4);
            OfPins(c, 9, Pin, 5, 1);
            OfPins(c, 10, PinStatus, 0, 8);
            OfPins(c, 11, Pin, 5, 1);
        });

        answers.ShouldBe([3, 0, 0, 0, 1, 0, 3, 0, 1, 1, 1, 0]);
    }

    [Fact, Spec("V-231")]
    public void No_length_means_to_the_end_and_what_is_unaligned_or_beyond_is_refused()
    {
        long[] answers = Run(Profile, 10, c =>
        {
            OpenAndMap(c, 8);
            OfPins(c, 1, Unpin, 6, 0);
            OfPins(c, 2, PinStatus, 5, 1);
            OfPins(c, 3, PinStatus, 7, 1);
            OfPins(c, 4, Unpin, 7, 2);
            Words(c, 0x10, (uint)Page);
            Keep(c, 5, 16, Fd, Unpin, PinWords);
            Words(c, 0, 100);
            Keep(c, 6, 16, Fd, Pin, PinWords);
            Keep(c, 7, 16, Fd, Pin, 8);
            OfPins(c, 8, Unpin, 9, 0);
            Words(c, 0xFFFF_F000, (uint)Page);
            Keep(c, 9, 16, Fd, Unpin, PinWords);
        });

        answers.ShouldBe([3, 0, 1, 0, Einval, Einval, Einval, -(long)Errno.EFAULT, Einval, Einval]);
    }

    [Fact]
    public void Pins_of_an_area_that_was_never_mapped_are_refused()
    {
        long[] answers = Run(Profile, 3, c =>
        {
            Open(c, 0);
            Keep(c, 1, 16, Fd, SetSize, 4 * Page);
            OfPins(c, 2, Unpin, 0, 1);
        });

        answers.ShouldBe([3, 0, Einval]);
    }

    [Fact, Spec("V-232")]
    public void Overlapping_unpins_become_one_range_and_its_purge_is_the_purge_of_all()
    {
        long[] answers = Run(Profile, 10, c =>
        {
            OpenAndMap(c, 8);
            OfPins(c, 1, Unpin, 0, 2);
            Keep(c, 2, 16, Fd, PurgeAll, 0);
            OfPins(c, 3, Unpin, 1, 3);
            OfPins(c, 4, Unpin, 2, 1);
            Keep(c, 5, 16, Fd, PurgeAll, 0);
            OfPins(c, 6, Pin, 3, 1);
            OfPins(c, 7, Pin, 1, 1);
            OfPins(c, 8, Pin, 0, 8);
            c.mov(rbx, Area + (3 * Page));
            c.movzx(eax, __byte_ptr[rbx]);
            Put(c, 9);
        });

        // The union is purged already, so that nothing of it is taken any more: page 3 has its data
        answers.ShouldBe([3, 0, 2, 0, 0, 0, 1, 1, 1, 0x55]);
    }

    [Fact, Spec("V-234")]
    public void A_touch_of_a_purged_page_without_a_pin_finds_zeros_and_no_signal()
    {
        long[] answers = Run(Profile, 6, c =>
        {
            OpenAndMap(c, 2);
            OfPins(c, 1, Unpin, 0, 1);
            Keep(c, 2, 16, Fd, PurgeAll, 0);
            c.mov(rbx, Area);
            c.movzx(eax, __byte_ptr[rbx + 5]);
            Put(c, 3);
            c.mov(rbx, Area + Page);
            c.movzx(eax, __byte_ptr[rbx]);
            Put(c, 4);
            OfPins(c, 5, Pin, 0, 1);
        });

        answers.ShouldBe([3, 0, 1, 0, 0x55, 1]);
    }

    [Fact, Spec("V-233")]
    public void Pressure_takes_whole_ranges_the_one_unpinned_first_first_and_purged_ones_are_no_victims_any_more()
    {
        long[] answers = Run(Profile, 10, c =>
        {
            OpenAndMap(c, 16);
            OfPins(c, 1, Unpin, 8, 4);
            OfPins(c, 2, Unpin, 0, 4);
            OfPins(c, 3, Unpin, 12, 2);
            OfPins(c, 4, Pin, 8, 1); // what is left keeps its place
            Keep(c, 5, 0x4D4D_5502, 1);
            OfPins(c, 6, Pin, 0, 4);
            OfPins(c, 7, Pin, 9, 3);
            Keep(c, 8, 16, Fd, PurgeAll, 0);
            OfPins(c, 9, Pin, 12, 2);
        });

        answers.ShouldBe([3, 0, 0, 0, 0, 0, 0, 1, 2, 1]);
    }

    [Fact, Spec("V-233")]
    public void An_allocation_that_must_not_purge_takes_nothing_of_an_area()
    {
        using FileVrangeHarness h = new();
        _ = h.MapFilled(h.A);
        _ = h.V.Purger.PinsOf(h.Content).Mark(0, 8 * Page);
        using (h.V.Purger.Limited(ReclaimLimits.NoIo))
        {
            h.V.Purger.PurgeUnpinned(8, ReclaimReason.Direct).ShouldBe(0UL);
        }

        h.V.Purger.PurgeUnpinned(1, ReclaimReason.Direct).ShouldBe(8UL);
        (h.V.Purger.PurgeUnpinned(1, ReclaimReason.Direct), h.V.Purger.Unpinned.Count, h.ReadFile(3)[0]).ShouldBe((0UL, 0, (byte)0));
        h.Sound();
    }

    [Fact]
    public void Every_opening_is_an_area_of_its_own_that_a_child_shares()
    {
        long[] answers = Run(Profile, 5, c =>
        {
            Label parent = c.CreateLabel();
            OpenAndMap(c, 2);
            Open(c, 1);
            Keep(c, 2, 16, 4, GetSize, 0);
            OfPins(c, 3, Unpin, 0, 1);
            c.Call(57);
            c.test(rax, rax);
            c.jne(parent);
            c.Call(16, Fd, PurgeAll, 0);
            c.Call(231, 0);
            c.Label(ref parent);
            c.Call(61, ulong.MaxValue, 0, 0, 0);
            OfPins(c, 4, Pin, 0, 1);
        });

        answers.ShouldBe([3, 4, 0, 0, 1]);
    }

    private static KernelProfile Profile => new() { Switches = ProfileSwitches.Ashmem };

    private static long[] Run(KernelProfile profile, int count, Action<Assembler> body)
    {
        GuestRun run = GuestRun.Of(
            c =>
            {
                ulong at = Path;
                foreach (byte letter in (byte[])[.. "/dev/ashmem\0"u8])
                {
                    c.mov(rbx, at++);
                    c.mov(__byte_ptr[rbx], letter);
                }

                body(c);
                c.PrintAndExit(Answers, 128);
            },
            options => options with { Profile = profile });
        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        return [.. Enumerable.Range(0, count).Select(i => (long)run[i])];
    }

    private static void Open(Assembler c, int place) => Keep(c, place, 2, Path, 2, 0);

    private static void OpenAndMap(Assembler c, ulong pages)
    {
        Open(c, 0);
        c.Call(16, Fd, SetSize, pages * Page);
        c.Call(9, Area, pages * Page, 3, 0x11, Fd, 0);
        c.mov(rdi, Area);
        c.mov(rcx, pages * Page);
        c.mov(eax, 0x55);
        c.rep.stosb();
    }

    private static void OfPins(Assembler c, int place, ulong request, ulong page, ulong pages)
    {
        Words(c, (uint)(page * Page), (uint)(pages * Page));
        Keep(c, place, 16, Fd, request, PinWords);
    }

    private static void Words(Assembler c, uint offset, uint length)
    {
        c.mov(rbx, PinWords);
        c.mov(__dword_ptr[rbx], offset);
        c.mov(__dword_ptr[rbx + 4], length);
    }

    private static void Keep(Assembler c, int place, ulong number, params ulong[] arguments)
    {
        c.Call(number, arguments);
        Put(c, place);
    }

    private static void Put(Assembler c, int place)
    {
        c.mov(rbx, Answers + ((ulong)place * 8));
        c.mov(__qword_ptr[rbx], rax);
    }
}
