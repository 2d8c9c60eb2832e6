using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Exec;

/// <summary>Files that no linker makes and Linux runs all the same.</summary>
public sealed class LoaderTests
{
    private static readonly ElfHeader Text = new(5, 0, 0x40_0000, 0x1200, 0x1200);

    [Fact]
    public void Bytes_that_the_file_has_not_are_SIGBUS_when_touched_and_nothing_before()
    {
        HandMadeElf elf = new() { Segments = [Text with { FileBytes = 0x5000, MemoryBytes = 0x5000 }] };

        GuestRun.Of(elf.Build(a => a.Call(231, 7))).Result.ExitCode.ShouldBe(7);
        GuestRun run = GuestRun.Of(elf.Build(a =>
        {
            a.mov(rax, 0x40_3000);
            a.mov(rax, __[rax]);
        }));

        run.Result.Signal.ShouldBe(Signal.SIGBUS);
    }

    [Fact]
    public void A_tail_of_zeroes_in_a_page_that_the_file_has_not_is_refused()
    {
        HandMadeElf elf = new() { Segments = [Text, new(6, 0x3000, 0x50_0000, 0x100, 0x200)] };

        BootFailure failure = Refused(elf.Build(a => a.Call(231, 7)));

        failure.Elf.ShouldBe(ElfProblem.TruncatedSegment);
        failure.Errno.ShouldBe(Errno.EFAULT);
    }

    [Fact]
    public void Of_two_segments_in_one_page_the_later_has_it()
    {
        // The second one makes the page of the code writable, and the code writes to it.
        HandMadeElf elf = new() { Segments = [Text, new(7, 0x1100, 0x40_1100, 0x100, 0x100)] };

        GuestRun run = GuestRun.Of(elf.Build(a =>
        {
            a.mov(rax, 0x40_1800);
            a.mov(__qword_ptr[rax], 7);
            a.mov(rdi, __qword_ptr[rax]);
            a.mov(rax, 231);
            a.syscall();
        }));

        run.Result.ExitCode.ShouldBe(7);
    }

    [Fact]
    public void A_page_that_is_in_no_file_can_be_written_whatever_its_segment_says()
    {
        HandMadeElf elf = new() { Segments = [Text, new(4, 0, 0x50_0000, 0, 0x2000)] };

        GuestRun run = GuestRun.Of(elf.Build(a =>
        {
            a.mov(rax, 0x50_1000);
            a.mov(__qword_ptr[rax], 7);
            a.mov(rdi, __qword_ptr[rax]);
            a.mov(rax, 231);
            a.syscall();
        }));

        run.Result.ExitCode.ShouldBe(7);
    }

    [Fact]
    public void A_file_of_three_gigabytes_is_a_program_like_any_other()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new HandMadeElf { Segments = [Text] }.Build(a => a.Call(231, 7)));
            using (FileStream file = File.OpenWrite(path))
            {
                file.SetLength(3L << 30);
            }

            GuestRun.Of(path).Result.ExitCode.ShouldBe(7);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_segment_below_the_lowest_address_is_refused_for_that()
    {
        BootFailure failure = Refused(new HandMadeElf { Entry = 0x2000, Segments = [Text with { Address = 0x1000 }] }.Build(a => a.Call(231, 7)));

        failure.Elf.ShouldBe(ElfProblem.LowSegment);
        failure.Errno.ShouldBe(Errno.EPERM);
        failure.Found.ShouldBe([0x1000UL, 0x1_0000UL]);
    }

    [Theory]
    [InlineData(0x1000, 0x5555_5555_4000)]
    [InlineData(0x20_0000, 0x5555_5540_0000)]
    [InlineData(0x12_3456, 0x5555_5555_4000)]
    public void A_program_that_may_lie_anywhere_lies_where_its_alignment_lets_it(ulong alignment, ulong expected)
    {
        HandMadeElf elf = new() { PositionIndependent = true, Entry = 0x1000, Segments = [Text with { Address = 0, Alignment = alignment }] };

        GuestRun run = GuestRun.Of(elf.Build(PrintStart));

        (run[0] - 0x1000).ShouldBe(expected);
    }

    /// <summary>Prints the address of its own first byte.</summary>
    private static void PrintStart(Assembler a)
    {
        Label start = a.CreateLabel();
        a.Label(ref start);
        a.lea(rax, __[start]);
        a.push(rax);
        a.mov(rsi, rsp);
        a.mov(edi, 1);
        a.mov(edx, 8);
        a.mov(eax, 1);
        a.syscall();
        a.Call(231, 0);
    }

    private static BootFailure Refused(byte[] program)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, program);
            KernelBuilder.TryBuild(GuestRun.Options(path), out MiniKernel? _, out BootFailure? failure).ShouldBeFalse();
            return failure!;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
