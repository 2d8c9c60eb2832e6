using Iced.Intel;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Mm;

/// <summary>The three modes of overcommit: what mmap, mprotect, fork and brk answer of a machine with 64 MiB of RAM and 16 MiB of swap.</summary>
public sealed class CommitTests
{
    private const ulong Mebibyte = 1 << 20;
    private const ulong Private = 0x22;
    private const ulong Shared = 0x21;
    private const ulong NoReserve = 0x4000;
    private const long NoMemory = -12;
    private const long NoSpace = -28;
    private const ulong File = 3;

    [Theory]
    [InlineData(Overcommit.Heuristic, 40, Private, true)]
    [InlineData(Overcommit.Heuristic, 100, Private, false)]
    [InlineData(Overcommit.Heuristic, 100, Shared, false)]
    [InlineData(Overcommit.Heuristic, 100, Private | NoReserve, true)]
    [InlineData(Overcommit.Always, 100, Private, true)]
    [InlineData(Overcommit.Always, 100, Shared, true)]
    [InlineData(Overcommit.Never, 40, Private, true)]
    [InlineData(Overcommit.Never, 60, Private, false)]
    [InlineData(Overcommit.Never, 60, Private | NoReserve, false)]
    [InlineData(Overcommit.Never, 60, Shared, false)]
    [InlineData(Overcommit.Never, 60, Shared | NoReserve, false)]
    public void A_mapping_is_promised_or_not(Overcommit mode, int mebibytes, ulong flags, bool promised)
    {
        GuestRun run = Run(mode, a => Map(a, (ulong)mebibytes * Mebibyte, prot: 3, flags));

        ((long)run[0] != NoMemory).ShouldBe(promised);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, 0)]
    [InlineData(Overcommit.Always, 0)]
    [InlineData(Overcommit.Never, NoMemory)]
    public void Two_wishes_that_fit_one_by_one_are_one_too_many_where_all_count(Overcommit mode, long second)
    {
        GuestRun run = Run(mode, a =>
        {
            Map(a, 30 * Mebibyte, prot: 3, Private);
            Map(a, 30 * Mebibyte, prot: 0, Private);
            a.mov(rdi, rax);
            a.mov(rsi, 30 * Mebibyte);
            a.mov(rdx, 3);
            a.mov(rax, 10);
            a.syscall();
        });

        ((long)run[0]).ShouldBe(second);
    }

    [Fact]
    public void What_is_unmapped_may_be_promised_again()
    {
        GuestRun run = Run(Overcommit.Never, a =>
        {
            Map(a, 40 * Mebibyte, prot: 3, Private);
            a.mov(rdi, rax);
            a.mov(rsi, 40 * Mebibyte);
            a.mov(rax, 11);
            a.syscall();
            Map(a, 40 * Mebibyte, prot: 3, Private);
        });

        ((long)run[0]).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, false)]
    [InlineData(Overcommit.Never, true)]
    public void A_child_is_promised_what_its_parent_was(Overcommit mode, bool refused)
    {
        GuestRun run = Run(mode, a =>
        {
            Map(a, 30 * Mebibyte, prot: 3, Private);
            a.Call(57);
        });

        ((long)run[0] == NoMemory).ShouldBe(refused);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, 0)]
    [InlineData(Overcommit.Always, 0)]
    [InlineData(Overcommit.Never, NoSpace)]
    public void A_file_of_memory_is_promised_page_by_page(Overcommit mode, long end)
    {
        GuestRun run = Run(mode, a => Fill(a, 60 * Mebibyte));

        ((long)run[0] < 0 ? (long)run[0] : 0).ShouldBe(end);
    }

    [Fact]
    public void A_file_gets_every_page_that_may_be_promised_and_no_other()
    {
        using MiniKernel kernel = Stopped(Overcommit.Never, a => Fill(a, 60 * Mebibyte));
        MemorySystem mem = kernel.System.Memory;

        ulong reserve = kernel.System.Processes.All[0].Space.Vmas.TotalBytes >> 17;
        Commit.Pages(mem).ShouldBe(Commit.LimitPages(mem) - reserve);
    }

    [Fact]
    public void Pages_of_files_are_told_of_where_nobody_refuses_them()
    {
        using MiniKernel before = Stopped(Overcommit.Always, static _ => { });
        using MiniKernel kernel = Stopped(Overcommit.Always, a => Fill(a, Mebibyte));

        (Commit.Pages(kernel.System.Memory) - Commit.Pages(before.System.Memory)).ShouldBe(Mebibyte >> 12);
    }

    [Theory]
    [InlineData(77, 0, 0)]
    [InlineData(285, 3, 60 * Mebibyte)]
    [InlineData(3, 0, 0)]
    public void What_a_file_gives_back_may_be_promised_again(int call, int how, ulong length)
    {
        GuestRun run = Run(Overcommit.Never, a =>
        {
            Fill(a, 60 * Mebibyte);
            a.Call((ulong)call, File, (ulong)how, 0, length);
            Map(a, 40 * Mebibyte, prot: 3, Private);
        });

        ((long)run[0]).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Space_that_cannot_be_promised_cannot_be_set_aside_either()
    {
        GuestRun run = Run(Overcommit.Never, a =>
        {
            a.Call(319, AssembledGuest.Data + 0x8000, 0);
            a.Call(285, File, 0, 0, 60 * Mebibyte);
            a.mov(r12, rax);
            Map(a, 40 * Mebibyte, prot: 3, Private);
            a.test(rax, rax);
            a.cmovns(rax, r12);
        });

        ((long)run[0]).ShouldBe(NoSpace);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, 0)]
    [InlineData(Overcommit.Never, 7)]
    public void A_touch_of_a_page_that_cannot_be_promised_is_SIGBUS(Overcommit mode, int signal)
    {
        GuestRun run = Run(mode, a =>
        {
            Label touch = a.CreateLabel();
            a.Call(319, AssembledGuest.Data + 0x8000, 0);
            a.Call(77, File, 60 * Mebibyte);
            a.Call(9, 0, 60 * Mebibyte, 3, 1, File, 0);
            a.mov(rcx, 60 * Mebibyte >> 12);
            a.Label(ref touch);
            a.mov(__byte_ptr[rax], 1);
            a.add(rax, 4096);
            a.dec(rcx);
            a.jnz(touch);
        });

        ((int)run.Result.Signal).ShouldBe(signal);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, 60, 0x1FFUL, true)]
    [InlineData(Overcommit.Heuristic, 100, 0x1FFUL, false)]
    [InlineData(Overcommit.Heuristic, 100, 0x11FFUL, true)]
    [InlineData(Overcommit.Never, 40, 0x1FFUL, true)]
    [InlineData(Overcommit.Never, 60, 0x1FFUL, false)]
    [InlineData(Overcommit.Never, 60, 0x11FFUL, false)]
    public void A_segment_is_promised_as_a_whole(Overcommit mode, int mebibytes, ulong flags, bool promised)
    {
        GuestRun run = Run(mode, a => a.Call(29, 0, (ulong)mebibytes * Mebibyte, flags));

        ((long)run[0] != NoMemory).ShouldBe(promised);
    }

    [Theory]
    [InlineData("c0")]
    [InlineData("c4")]
    [InlineData("c7")]
    public void A_write_through_windows_meets_the_limit_at_once_and_does_not_wait_for_frames(string copy)
    {
        GuestRun run = GuestRun.Of(
            a =>
            {
                Fill(a, 60 * Mebibyte);
                Print(a);
            },
            options => OptionsOf(options with { Profile = ProfileText.Parse($"copy={copy},allocator=mainline") }, Overcommit.Never));

        ((long)run[0], run.Result.Reason).ShouldBe((NoSpace, EndReason.Exited));
        run.Result.Statistics.CopyCounts.First(one => one.Name == "allocator_waits").Count.ShouldBe(0UL, "no frame would help");
        run.Result.Statistics.Memory[MmCounter.AllocStall].ShouldBe(0UL);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, 40, true)]
    [InlineData(Overcommit.Heuristic, 100, false)]
    [InlineData(Overcommit.Always, 100, true)]
    [InlineData(Overcommit.Never, 40, true)]
    [InlineData(Overcommit.Never, 60, false)]
    public void An_ashmem_area_is_promised_as_a_whole_with_its_first_mapping(Overcommit mode, ulong mebibytes, bool promised)
    {
        using MiniKernel before = Stopped(mode, a => OpenArea(a, mebibytes * Mebibyte));
        using MiniKernel kernel = Stopped(mode, a =>
        {
            OpenArea(a, mebibytes * Mebibyte);
            a.Call(9, 0, 4096, 3, 1, File, 0);
        });

        (Commit.Pages(kernel.System.Memory) - Commit.Pages(before.System.Memory)).ShouldBe(promised ? mebibytes * Mebibyte >> 12 : 0);
    }

    [Theory]
    [InlineData(false, false, NoMemory)]
    [InlineData(true, false, NoMemory)]
    [InlineData(false, true, NoMemory)]
    [InlineData(true, true, 0)]
    public void A_file_gives_its_promised_pages_back_when_it_has_neither_name_nor_opening(bool unlinks, bool closes, long end)
    {
        const ulong path = AssembledGuest.Data + 0x8000;
        GuestRun run = Run(Overcommit.Never, a =>
        {
            Store(a, path, "/dev/shm/x");
            a.Call(2, path, 0x42, 0x180);
            FillOpen(a, 60 * Mebibyte);
            if (unlinks)
            {
                a.Call(87, path);
            }

            if (closes)
            {
                a.Call(3, File);
            }

            Map(a, 40 * Mebibyte, prot: 3, Private);
        });

        Math.Min(0, (long)run[0]).ShouldBe(end);
    }

    /// <summary>Writes a new memfd until it has so many bytes or a write fails, whose errno is in RAX then.</summary>
    private static void Fill(Assembler a, ulong bytes)
    {
        a.Call(319, AssembledGuest.Data + 0x8000, 0);
        FillOpen(a, bytes);
    }

    /// <summary>The same with the file that is open.</summary>
    private static void FillOpen(Assembler a, ulong bytes)
    {
        const ulong chunk = 0x1000;
        Label write = a.CreateLabel();
        Label done = a.CreateLabel();
        a.mov(r12, bytes);
        a.Label(ref write);
        a.Call(1, File, AssembledGuest.Data, chunk);
        a.test(rax, rax);
        a.js(done);
        a.sub(r12, rax);
        a.jnz(write);
        a.Label(ref done);
        a.nop();
    }

    /// <summary>Opens an area of ashmem that has a size, and is not mapped yet.</summary>
    private static void OpenArea(Assembler a, ulong bytes)
    {
        const ulong setSize = 0x4008_7703;
        Store(a, AssembledGuest.Data + 0x8000, "/dev/ashmem");
        a.Call(2, AssembledGuest.Data + 0x8000, 2, 0);
        a.Call(16, File, setSize, bytes);
    }

    private static void Store(Assembler a, ulong address, string text)
    {
        foreach (char letter in text)
        {
            a.mov(rbx, address++);
            a.mov(__byte_ptr[rbx], (byte)letter);
        }
    }

    /// <summary>A machine on which the code has run and its program goes on for nothing.</summary>
    private static MiniKernel Stopped(Overcommit mode, Action<Assembler> code)
    {
        string path = Path.GetTempFileName();
        System.IO.File.WriteAllBytes(path, AssembledGuest.Build(a =>
        {
            code(a);
            Label ever = a.CreateLabel();
            a.Label(ref ever);
            a.jmp(ever);
        }));
        KernelOptions options = OptionsOf(GuestRun.Options(path), mode) with { MaxInstructions = 5_000_000, Trace = null };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        kernel!.Run();
        System.IO.File.Delete(path);
        return kernel;
    }

    private static KernelOptions OptionsOf(KernelOptions options, Overcommit mode) => options with
    {
        RamBytes = 64 * Mebibyte,
        SwapBytes = 16 * Mebibyte,
        Profile = options.Profile with { Overcommit = mode, Switches = options.Profile.Switches | ProfileSwitches.Ashmem },
    };

    private static void Map(Assembler a, ulong bytes, ulong prot, ulong flags) => a.Call(9, 0, bytes, prot, flags, ulong.MaxValue, 0);

    /// <summary>Runs the code and writes RAX.</summary>
    private static GuestRun Run(Overcommit mode, Action<Assembler> code) => GuestRun.Of(
        a =>
        {
            code(a);
            Print(a);
        },
        options => OptionsOf(options, mode));

    private static void Print(Assembler a)
    {
        a.mov(__qword_ptr[AssembledGuest.Data], rax);
        a.Call(1, 1, AssembledGuest.Data, 8);
        a.Call(231, 0);
    }
}
