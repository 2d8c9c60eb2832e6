using Iced.Intel;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Debugger.Why;

/// <summary>Programs of a few instructions, one for each way to end.</summary>
internal static class WhyGuests
{
    private const ulong Page = 0x1000_0000;
    private const ulong Vrange = 314;
    private const ulong Purge = 0x4d4d_5503;
    private const ulong OnStack = 0x0800_0000;

    /// <summary>A name, options of the command, the program.</summary>
    public static IEnumerable<(string Name, string[] Options, Action<Assembler> Write)> All =>
    [
        ("divide by zero", [], Divide),
        ("LOCK misused", [], static c => c.db(0xF0, 0x89, 0xC0)),
        ("no instruction", [], static c => c.db(0x06)),
        ("a feature that --cpu has not", ["--cpu", "v1"], static c => c.vpaddd(ymm0, ymm1, ymm2)),
        ("an address that is not canonical", [], NotCanonical),
        ("a misaligned operand", [], static c => c.movaps(__[rsp + 1], xmm0)),
        ("a privileged instruction", [], static c => c.cli()),
        ("stack overflow", [], StackOverflow),
        ("a write to code", [], static c => c.mov(__byte_ptr[AssembledGuest.Code], 1)),
        ("beyond the end of a file", [], BeyondEnd),
        ("a system call on a purged page", [], CallOnPurged),
        ("purged before fork", [], PurgedBeforeFork),
        ("a frame that has no place", [], LostFrame),
        ("a fault in its own handler", [], FaultInHandler),
        ("a breakpoint", [], static c => c.int3()),
        ("a system call on nothing", [], CallOnNothing),
        ("a signal to itself", [], SignalToItself),
        ("a signal from a child", [], SignalFromChild),
        ("an exit status", [], ExitStatus),
        ("--max-insns", ["--max-insns", "1000"], Endless),
        ("a deadlock of two", [], Deadlock),
    ];

    /// <summary>s1: the page raises SIGBUS <paramref name="times"/> times, and the handler makes it usable and writes to it, or only makes it usable.</summary>
    public static void Repairs(Assembler c, int times, bool writes)
    {
        Label handler = c.CreateLabel();
        Label restorer = c.CreateLabel();
        Label start = c.CreateLabel();
        c.jmp(start);
        c.Label(ref handler);
        c.Call(Vrange, Page, 4096, 1, AssembledGuest.Data);
        if (writes)
        {
            c.mov(rax, Page);
            c.mov(__byte_ptr[rax], 1);
        }

        c.ret();
        c.Restorer(ref restorer);
        c.Label(ref start);
        c.Handle(7, handler, restorer);
        Purged(c);
        for (int i = 0; i < times; i++)
        {
            c.Call(Vrange, Page, 4096, 0, AssembledGuest.Data);
            c.Call(Purge, Page, 4096);
            c.mov(rax, Page);
            c.mov(bl, __byte_ptr[rax]);
        }

        c.Exit(0);
    }

    private static void Divide(Assembler c)
    {
        c.xor(ecx, ecx);
        c.mov(eax, 1);
        c.cdq();
        c.idiv(ecx);
    }

    private static void NotCanonical(Assembler c)
    {
        c.mov(rax, 0x8000_0000_0000_0000);
        c.mov(bl, __byte_ptr[rax]);
    }

    private static void StackOverflow(Assembler c)
    {
        c.sub(rsp, 9 << 20);
        c.push(rax);
    }

    private static void BeyondEnd(Assembler c)
    {
        c.Call(319, AssembledGuest.Data, 0);
        c.Call(77, 3, 10);
        c.Call(9, Page, 8192, 3, 0x11, 3, 0);
        c.mov(rax, Page + 4096);
        c.mov(bl, __byte_ptr[rax]);
    }

    private static void CallOnPurged(Assembler c)
    {
        Purged(c);
        c.Call(1, 1, Page + 5, 10);
        c.Exit(3);
    }

    private static void CallOnNothing(Assembler c)
    {
        c.Call(1, 1, 0x10, 4);
        c.Exit(0);
    }

    private static void PurgedBeforeFork(Assembler c)
    {
        Label parent = c.CreateLabel();
        Purged(c);
        c.Call(57);
        c.test(eax, eax);
        c.jne(parent);
        c.mov(rax, Page + 7);
        c.mov(bl, __byte_ptr[rax]);
        c.Label(ref parent);
        c.Call(61, ulong.MaxValue, AssembledGuest.Data, 0, 0);
        c.Exit(1);
    }

    private static void LostFrame(Assembler c)
    {
        Label handler = c.CreateLabel();
        Label restorer = c.CreateLabel();
        Label start = c.CreateLabel();
        c.jmp(start);
        c.Label(ref handler);
        c.ret();
        c.Restorer(ref restorer);
        c.Label(ref start);
        c.MapAt(Page, 0x4000);
        c.Call(28, Page, 0x4000, 18);
        c.mov(rbx, AssembledGuest.Data);
        c.mov(rax, Page);
        c.mov(__[rbx], rax);
        c.mov(__qword_ptr[rbx + 16], 0x3000);
        c.Call(131, AssembledGuest.Data, 0);
        c.Handle(7, handler, restorer, OnStack);
        c.mov(rax, Page + 0x3005);
        c.mov(bl, __byte_ptr[rax]);
    }

    private static void FaultInHandler(Assembler c)
    {
        Label handler = c.CreateLabel();
        Label restorer = c.CreateLabel();
        Label start = c.CreateLabel();
        c.jmp(start);
        c.Label(ref handler);
        c.mov(__byte_ptr[0x18], 1);
        c.Restorer(ref restorer);
        c.Label(ref start);
        c.Handle(11, handler, restorer);
        c.mov(bl, __byte_ptr[0x10]);
    }

    private static void SignalToItself(Assembler c)
    {
        c.Call(39);
        c.mov(rdi, rax);
        c.mov(esi, 6);
        c.mov(eax, 62);
        c.syscall();
    }

    private static void SignalFromChild(Assembler c)
    {
        Label parent = c.CreateLabel();
        c.Call(57);
        c.test(eax, eax);
        c.jne(parent);
        c.Call(62, 1000, 9);
        c.Exit(0);
        c.Label(ref parent);
        c.Call(61, ulong.MaxValue, 0, 0, 0);
        c.Call(34);
    }

    private static void ExitStatus(Assembler c)
    {
        c.mov(rbx, AssembledGuest.Data);
        c.mov(rax, 0x000A_676E_6F72_7721);
        c.mov(__[rbx], rax);
        c.Call(3, 77);
        c.Call(1, 2, AssembledGuest.Data, 7);
        c.Exit(3);
    }

    private static void Endless(Assembler c)
    {
        Label again = c.CreateLabel();
        c.Label(ref again);
        c.jmp(again);
    }

    /// <summary>Each thread waits for a futex whose word names the other as its owner.</summary>
    private static void Deadlock(Assembler c)
    {
        Label child = c.CreateLabel();
        c.mov(rbx, AssembledGuest.Data);
        c.mov(__dword_ptr[rbx], 1001);
        c.mov(__dword_ptr[rbx + 64], 1000);
        c.Call(56, 0x10F00, AssembledGuest.Data + 0x8000, 0, 0, 0);
        c.test(eax, eax);
        c.je(child);
        c.Call(202, AssembledGuest.Data, 0, 1001, 0);
        c.Label(ref child);
        c.Call(202, AssembledGuest.Data + 64, 0, 1000, 0);
    }

    /// <summary>A page that was written, made volatile and purged.</summary>
    private static void Purged(Assembler c)
    {
        c.MapAt(Page, 4096);
        c.mov(rax, Page);
        c.mov(__byte_ptr[rax], 1);
        c.Call(Vrange, Page, 4096, 0, AssembledGuest.Data);
        c.Call(Purge, Page, 4096);
    }
}
