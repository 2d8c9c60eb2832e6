using Iced.Intel;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Waiting;

/// <summary>System calls whose buffers are held back: they wait, and act once.</summary>
public sealed class HeldCallTests
{
    private const ulong Data = AssembledGuest.Data;
    private const ulong Held = 0x5000_0000;
    private const ulong Free = 0x5800_0000;
    private const ulong FreeBytes = 0x4_0000;
    private const ulong Moment = 5_000_000;
    private const ulong BigBytes = 0x3_0000;

    [Fact]
    public void A_read_from_a_pipe_takes_its_bytes_once()
    {
        // Given a pipe with two words, a read of the first one into a held page, and another of what is left
        GuestRun run = Run(a =>
        {
            Begin(a);
            a.mov(__qword_ptr[Data + 0x100], 0x1111);
            a.mov(__qword_ptr[Data + 0x108], 0x2222);
            WithDescriptor(a, 4, 1, Data + 0x100, 16);
            WithDescriptor(a, 0, 0, Held + 0xFF8, 8);
            a.mov(__qword_ptr[Data], rax);
            WithDescriptor(a, 0, 0, Data + 8, 16);
            a.mov(__qword_ptr[Data + 16], rax);
            a.mov(rbx, Held);
            a.mov(rax, __qword_ptr[rbx + 0xFF8]);
            a.mov(__qword_ptr[Data + 24], rax);
            End(a);
        });

        (run[0], run[1], run[2], run[3]).ShouldBe((8UL, 0x2222UL, 8UL, 0x1111UL), run.Result.Message);
        run[5].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Fact]
    public void A_write_to_a_pipe_gives_its_bytes_once_and_together()
    {
        // Given a buffer that begins on a free page and ends on a held one
        GuestRun run = Run(a =>
        {
            Begin(a);
            a.mov(rbx, Held - 8);
            a.mov(__qword_ptr[rbx], 0x1111);
            WithDescriptor(a, 4, 1, Held - 8, 24);
            a.mov(__qword_ptr[Data], rax);
            WithDescriptor(a, 0, 0, Data + 8, 0x80);
            a.mov(__qword_ptr[Data + 0x10], rax);
            End(a);
        });

        (run[0], run[1], run[2]).ShouldBe((24UL, 0x1111UL, 24UL), run.Result.Message);
        run[5].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Theory]
    [InlineData(0, 0x0UL)]
    [InlineData(0, 0x1_1000UL)]
    [InlineData(0, 0x2_F000UL)]
    [InlineData(17, 0x1_1000UL)]
    [InlineData(19, 0x1_1000UL)]
    public void A_long_read_from_a_file_fills_all_of_its_buffer(int number, ulong heldAt)
    {
        // Given a file of 192 KiB of ones, and a buffer with a held page
        ulong buffer = Held - heldAt;
        GuestRun run = Run(a =>
        {
            Begin(a);
            a.mov(rdi, Free);
            a.mov(al, 1);
            a.mov(ecx, (int)BigBytes);
            a.rep.stosb();
            a.Call(319, Data + 0xE00, 0);
            a.mov(__dword_ptr[Data + 0x400], eax);
            WithDescriptor(a, 0, 1, Free, BigBytes);
            WithDescriptor(a, 0, 8, 0, 0);
            Vectors(a, buffer);
            WithDescriptor(a, 0, (ulong)number, number == 19 ? Data + 0x300 : buffer, number == 19 ? 2 : BigBytes, 0);
            a.mov(__qword_ptr[Data], rax);
            a.mov(rdi, buffer);
            a.mov(al, 1);
            a.mov(ecx, (int)BigBytes);
            a.repe.scasb();
            a.mov(__qword_ptr[Data + 8], rcx);
            WithDescriptor(a, 0, 8, 0, 1);
            a.mov(__qword_ptr[Data + 16], rax);
            End(a);
        });

        (run[0], run[1], run[2]).ShouldBe((BigBytes, 0UL, number == 17 ? 0UL : BigBytes), run.Result.Message);
        run[5].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(18)]
    [InlineData(20)]
    public void A_long_write_to_a_file_writes_each_byte_at_its_place(int number)
    {
        ulong buffer = Held - 0x1_1000;
        GuestRun run = Run(a =>
        {
            Begin(a);
            a.Call(319, Data + 0xE00, 0);
            a.mov(__dword_ptr[Data + 0x400], eax);
            Vectors(a, buffer);
            WithDescriptor(a, 0, (ulong)number, number == 20 ? Data + 0x300 : buffer, number == 20 ? 2 : BigBytes, 0);
            a.mov(__qword_ptr[Data], rax);
            WithDescriptor(a, 0, 8, 0, 2);
            a.mov(__qword_ptr[Data + 8], rax);
            End(a);
        });

        (run[0], run[1]).ShouldBe((BigBytes, BigBytes), run.Result.Message);
        run[5].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Fact]
    public void A_wait_whose_status_goes_to_a_held_page_reaps_the_child_once()
    {
        GuestRun run = Run(a =>
        {
            Label child = a.CreateLabel();
            Begin(a);
            a.Call(57);
            a.test(rax, rax);
            a.jz(child);
            a.Call(61, ulong.MaxValue, Held, 0, 0);
            a.mov(__qword_ptr[Data], rax);
            a.Call(61, ulong.MaxValue, Held, 0, 0);
            a.mov(__qword_ptr[Data + 8], rax);
            a.mov(rbx, Held);
            a.mov(rax, __qword_ptr[rbx]);
            a.mov(__qword_ptr[Data + 16], rax);
            End(a);
            a.Label(ref child);
            a.Call(60, 7);
        });

        (run[0], (long)run[1], run[2]).ShouldBe((1001UL, -10L, 0x700UL), run.Result.Message);
        run[5].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Fact]
    public void A_sleep_begins_when_its_time_can_be_read()
    {
        GuestRun run = Run(a =>
        {
            Begin(a);
            a.Call(35, Held, 0);
            a.mov(__qword_ptr[Data], rax);
            a.mov(rbx, Held);
            a.mov(__qword_ptr[rbx + 8], 1_000_000);
            a.Call(35, Held, 0);
            End(a);
        });

        run[0].ShouldBe(0UL, run.Result.Message);
        run[5].ShouldBeInRange(Moment + 1_000_000, Moment + 1_100_000);
    }

    [Fact]
    public void A_handler_runs_after_a_call_that_waits_for_a_page_and_the_call_succeeds()
    {
        GuestRun run = Run(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            Begin(a);
            a.Handle(14, handler, restorer);
            a.mov(__qword_ptr[Data + 0x218], 1000);
            a.Call(38, 0, Data + 0x200, 0);
            a.Call(228, 1, Held);
            a.mov(__qword_ptr[Data], rax);
            End(a);
            a.Label(ref handler);
            a.inc(__qword_ptr[Data + 8]);
            a.Call(228, 1, Data + 16);
            a.ret();
            a.Restorer(ref restorer);
        });

        (run[0], run[1]).ShouldBe((0UL, 1UL), run.Result.Message);
        run[3].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Fact]
    public void A_kill_ends_a_process_whose_call_waits_for_a_page()
    {
        GuestRun run = Run(
            a =>
            {
                Label child = a.CreateLabel();
                Begin(a);
                a.Call(57);
                a.mov(r12, rax);
                a.test(rax, rax);
                a.jz(child);
                a.mov(__qword_ptr[Data + 0x208], 100_000);
                a.Call(35, Data + 0x200, 0);
                a.mov(rdi, r12);
                a.mov(rsi, 9UL);
                a.mov(eax, 62);
                a.syscall();
                a.Call(61, ulong.MaxValue, Data, 0, 0);
                End(a);
                a.Label(ref child);
                a.Call(228, 1, Held);
                a.Call(60, 0);
            },
            ulong.MaxValue);

        run[0].ShouldBe(9UL, run.Result.Message);
    }

    /// <summary>Maps memory around the held page, and a pipe whose ends lie at Data + 0x400.</summary>
    private static void Begin(Assembler a)
    {
        a.MapAt(Held - FreeBytes, 2 * FreeBytes);
        a.MapAt(Free, FreeBytes);
        a.Call(22, Data + 0x400);
    }

    private static void End(Assembler a)
    {
        a.Call(228, 1, Data + 32);
        a.PrintAndExit(Data, 48);
    }

    /// <summary>Two struct iovec at Data + 0x300 that halve the buffer.</summary>
    private static void Vectors(Assembler a, ulong buffer)
    {
        ulong[] fields = [buffer, BigBytes / 2, buffer + (BigBytes / 2), BigBytes / 2];
        for (int i = 0; i < fields.Length; i++)
        {
            a.mov(rbx, fields[i]);
            a.mov(__qword_ptr[Data + 0x300 + ((ulong)i * 8)], rbx);
        }
    }

    /// <summary>A call whose first argument is the descriptor stored at Data + 0x400 + <paramref name="at"/>.</summary>
    private static void WithDescriptor(Assembler a, ulong at, ulong number, params ulong[] rest)
    {
        AssemblerRegister64[] registers = [rsi, rdx, r10];
        for (int i = 0; i < rest.Length; i++)
        {
            a.mov(registers[i], rest[i]);
        }

        a.mov(edi, __dword_ptr[Data + 0x400 + at]);
        a.mov(rax, number);
        a.syscall();
    }

    private static GuestRun Run(Action<Assembler> code, ulong until = Moment) => GuestRun.Of(
        code,
        options => options with { MaxInstructions = 20_000_000 },
        kernel => kernel.Memory.FaultGate = new HeldRange(kernel, Held, 0x1000) { UntilNs = until });
}
