using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.State;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>What is read of memory and files, and what is said where nothing can be read.</summary>
public sealed class ReadTests
{
    private const ulong Data = AssembledGuest.Data;

    [Fact]
    public void A_read_ends_at_the_first_byte_that_is_not_mapped_and_says_why()
    {
        using PausedGuest guest = new(static a =>
        {
            a.mov(rbx, Data);
            a.mov(__dword_ptr[rbx + 0xFFC], 0x1234_5678);
            a.Call(39);
        });
        guest.RunToCall("getpid");
        byte[] bytes = new byte[0x3000];

        guest.View.ReadMemory(guest.Space, new VirtAddr(Data + 0xFFC), bytes, out PageState last).ShouldBe(4);
        (last, BitConverter.ToUInt32(bytes)).ShouldBe((PageState.Mapped, 0x1234_5678U));
        guest.View.ReadBehind(guest.Space, new VirtAddr(Data + 0xFFC), bytes, out last).ShouldBe(bytes.Length);
        guest.View.ReadBehind(guest.Space, new VirtAddr(Data + AssembledGuest.DataBytes - 8), bytes, out last).ShouldBe(8);
        last.ShouldBe(PageState.None);
        guest.View.ReadBehind(int.MaxValue, new VirtAddr(Data), bytes, out last).ShouldBe(0);
    }

    [Fact]
    public void Swapped_pages_are_read_in_their_slots_and_stay_there()
    {
        using PausedGuest guest = new(static a =>
        {
            a.mov(rbx, Data);
            a.mov(__qword_ptr[rbx + 0x2008], 77);
            a.mov(__qword_ptr[rbx + 0x3008], 78);
            a.Call(39);
            a.mov(rax, __[rbx + 0x2008]);
            a.mov(rdi, rax);
            a.mov(eax, 60);
            a.syscall();
        });
        guest.RunToCall("getpid");
        byte[] before = guest.Read(Data + 0x2000, 0x2000);
        guest.Edit.Age();
        guest.Edit.Age();
        guest.Edit.Reclaim(1000).FramesFreed.ShouldBeGreaterThan(1UL);
        VirtAddr page = new(Data + 0x2000);
        byte[] bytes = new byte[0x2000];

        guest.View.ReadMemory(guest.Space, page, bytes, out PageState last).ShouldBe(0);
        last.HasFlag(PageState.Swapped).ShouldBeTrue(last.ToString());
        guest.View.ReadBehind(guest.Space, page, bytes, out last).ShouldBe(bytes.Length);
        bytes.ShouldBe(before);
        EntryView entry = guest.View.EntryAt(guest.Space, page).ShouldNotBeNull();
        (entry.State.HasFlag(PageState.Swapped), entry.Swap.HasValue, entry.Frame, entry.Size).ShouldBe((true, true, null, null));
        guest.View.Memory().SwapUsed.ShouldBeGreaterThan(1);
        guest.RunToEnd().ExitCode.ShouldBe(77);
    }

    [Fact]
    public void A_program_lies_at_its_base_in_memory_byte_for_byte()
    {
        using PausedGuest guest = new(static a => a.Exit(0));
        byte[] file = File.ReadAllBytes(guest.ProgramPath);
        (string path, VirtAddr start, string? host) = guest.View.Objects(guest.Space).ShouldHaveSingleItem();
        byte[] bytes = new byte[file.Length - 0x1000];

        (path, start.Raw, host).ShouldBe((guest.ProgramPath, 0x40_0000UL, guest.ProgramPath));
        guest.View.ReadMemory(guest.Space, new VirtAddr(AssembledGuest.Code), bytes, out PageState last).ShouldBe(0);
        last.ShouldBe(PageState.Mapped | PageState.File);
        guest.View.ReadBehind(guest.Space, new VirtAddr(AssembledGuest.Code), bytes, out _).ShouldBe(bytes.Length);
        bytes.ShouldBe(file[0x1000..]);
        guest.View.TryReadFile(path, out byte[]? content).ShouldBeTrue();
        content.ShouldBe(file);
        guest.View.TryReadFile("/nowhere", out _).ShouldBeFalse();
        guest.View.HostPathOf("/nowhere").ShouldBeNull();
    }

    [Fact]
    public void The_vdso_can_be_read_before_anybody_touches_it()
    {
        using PausedGuest guest = new(static a => a.Exit(0));
        VmaView vdso = guest.View.Vmas(guest.Space).Single(vma => vma.Name == "[vdso]");
        byte[] bytes = new byte[4096];

        guest.View.ReadBehind(guest.Space, vdso.Range.Start, bytes, out _).ShouldBe(4096);
        bytes[..4].ShouldBe("\u007FELF"u8.ToArray());
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("pthread-mix-musl")]
    public void The_content_of_a_program_that_ships_is_at_hand(string name)
    {
        using SavedRun run = new(name);
        run.Run(StopAt.Time(100));
        KernelView view = new(run.Kernel);
        ProcessView process = view.Processes().ShouldHaveSingleItem();

        view.TryReadFile(process.Location, out byte[]? content).ShouldBeTrue();

        content![..4].ShouldBe("\u007FELF"u8.ToArray());
        view.Objects(process.Space!.Value).Select(file => file.Path).ShouldContain(process.Location);
    }

    [Fact]
    public void Purged_pages_end_every_read()
    {
        using SavedRun run = new("vrange-recover");
        run.Run(new StopAt(StopKind.Signal));
        KernelView view = new(run.Kernel);
        int space = view.Processes()[0].Space!.Value;
        VmaView vma = view.Vmas(space).First(candidate => candidate.PurgedPages > 0);
        PageState[] pages = new PageState[vma.Range.PageCount];
        view.PagesFrom(space, vma.Range.Start, pages);
        int purged = Array.FindIndex(pages, page => page.HasFlag(PageState.Purged));

        view.ReadBehind(space, vma.Range.Start + ((ulong)purged << 12), new byte[8], out PageState last).ShouldBe(0);

        last.ShouldBe(pages[purged]);
        vma.Volatile.ShouldContain(range => range.Purged);
    }
}
