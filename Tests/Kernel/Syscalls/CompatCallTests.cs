using Iced.Intel;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Syscalls;

/// <summary>System calls by <c>int $0x80</c>, and by SYSCALL with bits above EAX.</summary>
/// <remarks>What the tests claim was compared with Linux 6.18: the same instructions, run by the host.</remarks>
public sealed class CompatCallTests
{
    private const ulong Data = AssembledGuest.Data;
    private const ulong Upper = 0xAAAA_AAAA_0000_0000;

    [Fact]
    public void The_number_and_the_arguments_are_cut_to_32_bits_and_nothing_but_RAX_changes()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.mov(rax, 0x0A69_68UL);
            a.mov(rcx, Data);
            a.mov(__[rcx], rax);
            a.mov(rax, Upper | 4);
            a.mov(rbx, Upper | 1);
            a.mov(rcx, Upper | Data);
            a.mov(rdx, Upper | 3);
            a.mov(r8, 8UL);
            a.mov(r11, 11UL);
            a.@int(0x80);
            a.mov(rbp, Data + 0x100);
            AssemblerRegister64[] kept = [rax, rbx, rcx, rdx, r8, r11];
            for (int i = 0; i < kept.Length; i++)
            {
                a.mov(__[rbp + (i * 8)], kept[i]);
            }

            a.PrintAndExit(Data + 0x100, 48);
        });

        run.Output.Written[..3].ToArray().ShouldBe("hi\n"u8.ToArray());
        ulong[] after = [.. Enumerable.Range(0, 6).Select(i => BitConverter.ToUInt64(run.Output.Written.Slice(3 + (i * 8), 8)))];
        after.ShouldBe([3, Upper | 1, Upper | Data, Upper | 3, 8, 11]);
    }

    [Fact]
    public void A_pointer_above_4_GiB_is_cut_and_an_error_has_a_sign()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.Int80(4, 1, 0x7FFF_1234_5678, 5);
            a.mov(rcx, Data);
            a.mov(__[rcx], rax);
            a.PrintAndExit(Data, 8);
        });

        run[0].ShouldBe(unchecked((ulong)-14L));
        SyscallDetail written = run.Trace!.Syscalls.Select(call => (SyscallDetail)call.Detail!).First(call => call.Name == "write");
        (written.Compat, written.Arguments).ShouldBe((true, "1, 0x12345678, 5"));
    }

    [Fact]
    public void Mappings_come_to_lie_below_4_GiB_and_offsets_of_mmap2_are_pages()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.Int80(192, 0, 8192, 3, 0x22, 0xFFFF_FFFF, 0);
            a.mov(rcx, Data);
            a.mov(__[rcx], rax);
            a.mov(__dword_ptr[rax], 1);
            a.PrintAndExit(Data, 8);
        });

        run[0].ShouldBe(0xF7FF_C000UL);
    }

    [Theory]
    [InlineData(9999)]
    [InlineData(0x4000_0014)]
    [InlineData(0xFFFF_FFFF)]
    public void A_number_that_i386_does_not_have_is_ENOSYS_and_named(ulong number)
    {
        List<Notice> said = [];

        GuestRun run = GuestRun.Of(
            a =>
            {
                a.Int80(number);
                a.mov(rcx, Data);
                a.mov(__[rcx], rax);
                a.PrintAndExit(Data, 8);
            },
            options => options with { Notices = said.Add });

        run[0].ShouldBe(unchecked((ulong)-38L));
        said.ShouldBe([new Notice(NoticeKind.UnknownSyscall) { Number = CompatTable.FirstNumber + number }]);
    }

    [Theory]
    [InlineData(0xAAAA_AAAA_0000_0027UL, 1000UL)]
    [InlineData(0xFFFF_FFFF_0000_0027UL, 1000UL)]
    [InlineData(0x4000_0027UL, 0xFFFF_FFFF_FFFF_FFDAUL)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFFUL, 0xFFFF_FFFF_FFFF_FFDAUL)]
    public void Syscall_takes_its_number_from_EAX(ulong rax, ulong answer)
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.Call(rax);
            a.mov(rcx, Data);
            a.mov(__[rcx], AssemblerRegisters.rax);
            a.PrintAndExit(Data, 8);
        });

        run[0].ShouldBe(answer);
    }

    [Fact]
    public void Another_vector_is_SIGSEGV_still()
    {
        GuestRun run = GuestRun.Of(a => a.@int(0x81));

        run.Result.Signal.ShouldBe(MmuEmu.Kernel.Abi.Signal.SIGSEGV);
    }

    [Fact]
    public void An_interrupted_read_is_made_again_through_the_same_door()
    {
        // Given a pipe, a handler with SA_RESTART, and an alarm while nobody has written
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(14, handler, restorer, flags: 0x1000_0000);
            a.Call(22, Data);
            a.Call(37, 1);
            a.mov(r12, Data);
            a.mov(ebx, __dword_ptr[r12]);
            a.mov(rcx, Upper | (Data + 16));
            a.mov(rdx, 1UL);
            a.mov(rax, Upper | 3);
            a.@int(0x80);
            a.mov(__[r12 + 24], rax);
            a.PrintAndExit(Data + 16, 16);

            // The handler writes the byte that the read then finds.
            a.Label(ref handler);
            a.mov(r12, Data);
            a.mov(edi, __dword_ptr[r12 + 4]);
            a.lea(rsi, __[r12 + 8]);
            a.mov(__byte_ptr[rsi], 0x58);
            a.mov(edx, 1);
            a.mov(eax, 1);
            a.syscall();
            a.ret();
            a.Restorer(ref restorer);
        });

        run[0].ShouldBe(0x58UL);
        run[1].ShouldBe(1UL);
    }

    [Fact]
    public void Every_twin_has_its_row() =>
        Enumerable.Range(0, 512).Select(eax => CompatTable.Find(CompatTable.FirstNumber + (ulong)eax)).Count(row => row is not null).ShouldBeGreaterThan(150);
}
