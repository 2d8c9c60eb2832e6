using System.Runtime.InteropServices;
using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.UserFault;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Whole programs on the whole kernel.</summary>
public sealed class VolatileGuestTests
{
    private const ulong Area = 0x1000_0000;
    private const ulong Vrange = 314;
    private const ulong PurgeNow = 0x4D4D_5503;

    [Fact, Spec("V-001", "V-004", "V-083", Profile = "v10")]
    public void A_program_without_a_handler_that_touches_a_purged_page_is_killed_by_SIGBUS()
    {
        using AsmGuest guest = new(c =>
        {
            MarkAndPurge(c);
            c.mov(al, __byte_ptr[rbx + 0x123]);
            c.Exit(0);
        });

        RunResult result = guest.Run();

        (result.Reason, result.Signal, result.ExitCode).ShouldBe((EndReason.Killed, Signal.SIGBUS, 135));
    }

    [Fact, Spec("V-140")]
    public void A_program_that_runs_on_without_pressure_never_loses_a_volatile_page()
    {
        // When a program marks 16 pages and goes on for near a million instructions, reading and writing half of them
        GuestRun run = GuestRun.Of(
            c => UseVolatilePages(c, pages: 16, rounds: 100_000),
            options => options with { Trace = new TraceRecorder(TraceKinds.Fault | TraceKinds.Signal | TraceKinds.Reclaim) });

        // Then nothing was purged: no signal, no event, no loss reported, every byte there
        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        run.Result.Time.ShouldBeGreaterThan(700_000UL);
        (run[0], run[1], run[2], run[3]).ShouldBe((16UL * 4096, 0UL, 100_000UL, 1UL));
        run.Trace!.Signals.ShouldBeEmpty();
        run.Trace.Memory.Select(e => e.Kind).Intersect([KernelEvent.Purged, KernelEvent.Scanned, KernelEvent.SwappedOut]).ShouldBeEmpty();
    }

    [Fact, Spec("V-082", "V-085")]
    public void The_handler_finds_trap_number_error_code_and_address_and_its_repair_lets_the_load_complete()
    {
        const ulong PurgedWord = AssembledGuest.Data + 0x40;
        using AsmGuest guest = new(c =>
        {
            Label handler = c.CreateLabel();
            Label restorer = c.CreateLabel();
            Label start = c.CreateLabel();
            c.jmp(start);

            // handler: notes si_signo, si_code, si_addr, trapno, err, cr2, then unmarks and writes 0x5A
            c.Label(ref handler);
            c.mov(r14, AssembledGuest.Data);
            c.mov(eax, __dword_ptr[rsi]);
            c.mov(__qword_ptr[r14], rax);
            c.mov(eax, __dword_ptr[rsi + 8]);
            c.mov(__qword_ptr[r14 + 8], rax);
            c.mov(r12, __qword_ptr[rsi + 16]);
            c.mov(__qword_ptr[r14 + 16], r12);
            foreach ((int from, int to) in ((int, int)[])[(0xC8, 24), (0xC0, 32), (0xD8, 40)])
            {
                c.mov(rax, __qword_ptr[rdx + from]);
                c.mov(__qword_ptr[r14 + to], rax);
            }

            c.Call(Vrange, Area, 4096, 1, PurgedWord);
            c.mov(__byte_ptr[r12], 0x5A);
            c.ret();
            c.Restorer(ref restorer);

            c.Label(ref start);
            c.Handle(7, handler, restorer, 0);
            MarkAndPurge(c);
            c.movzx(ebp, __byte_ptr[rbx + 0x123]);
            c.Call(1, 1, AssembledGuest.Data, 0x44);
            c.mov(edi, ebp);
            c.mov(eax, 60);
            c.syscall();
        });

        RunResult result = guest.Run();

        (result.Reason, result.ExitCode).ShouldBe((EndReason.Exited, 0x5A));
        MemoryMarshal.Cast<byte, ulong>(guest.Output.Written)[..6].ToArray().ShouldBe([7, 2, Area + 0x123, 14, 4, Area + 0x123]);
        guest.Output.Written[0x40].ShouldBe((byte)1);
    }

    [Fact, Spec("V-176")]
    public void Exec_clears_all_volatility()
    {
        using AsmGuest guest = new(c =>
        {
            UserFaultGuestTests.ExecOnce(c, MarkAndPurge);
            c.MapAt(Area, 4096);
            c.mov(rbx, Area);
            c.mov(__byte_ptr[rbx], 1);
            c.Call(PurgeNow, Area, 4096);
            c.Call(Vrange, Area, 4096, 1, AssembledGuest.Data);
            c.ExpectRax(4096);
            c.mov(rcx, AssembledGuest.Data);
            c.movzx(edi, __byte_ptr[rbx]);
            c.add(edi, __dword_ptr[rcx]);
            c.mov(eax, 60);
            c.syscall();
        });

        RunResult result = guest.Run();

        (result.Reason, result.ExitCode).ShouldBe((EndReason.Exited, 1));
    }

    /// <summary>Prints what unmarking answered, its purged word, the sum of the bytes read (all are 1), and the last byte, never touched meanwhile.</summary>
    private static void UseVolatilePages(Assembler c, ulong pages, ulong rounds)
    {
        const ulong PurgedWord = AssembledGuest.Data + 8;
        const ulong Sum = AssembledGuest.Data + 16;
        Label loop = c.CreateLabel();
        c.MapAt(Area, pages * 4096);
        c.cld();
        c.mov(rdi, Area);
        c.mov(rcx, pages * 4096);
        c.mov(eax, 1);
        c.rep.stosb();
        c.Call(Vrange, Area, pages * 4096, 0, PurgedWord);
        c.mov(rbx, Area);
        c.xor(ebp, ebp);
        c.mov(r12, rounds);
        c.Label(ref loop);
        c.mov(rax, r12);
        c.and(eax, 7);
        c.shl(eax, 12);
        c.movzx(edx, __byte_ptr[rbx + rax]);
        c.add(rbp, rdx);
        c.mov(__byte_ptr[rbx + rax + 1], dl);
        c.dec(r12);
        c.jnz(loop);
        c.mov(__qword_ptr[Sum], rbp);
        c.Call(Vrange, Area, pages * 4096, 1, PurgedWord);
        c.mov(__qword_ptr[AssembledGuest.Data], rax);
        c.mov(rbx, Area);
        c.mov(al, __byte_ptr[rbx + ((int)pages * 4096) - 1]);
        c.mov(__byte_ptr[Sum + 8], al);
        c.PrintAndExit(AssembledGuest.Data, 32);
    }

    /// <summary>A page at <see cref="Area"/>, in RBX, that was filled, made volatile and purged.</summary>
    private static void MarkAndPurge(Assembler c)
    {
        c.MapAt(Area, 4096);
        c.mov(rbx, Area);
        c.mov(__byte_ptr[rbx], 1);
        c.Call(Vrange, Area, 4096, 0, 0);
        c.ExpectRax(4096);
        c.Call(PurgeNow, Area, 4096);
        c.ExpectRax(0);
    }
}
