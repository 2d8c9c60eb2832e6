using System.Text.Json;
using Iced.Intel;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Debugger;

/// <summary>An errno that stands for many rules says which one it was, in <c>--strace</c> and in JSON.</summary>
public sealed class ErrnoCauseTests
{
    private const ulong Page = 0x10_0000_0000;
    private const ulong ReadOnly = Page + 0x10_0000;
    private const ulong Unmapped = 0x20_0000_0000;
    private const ulong None = ulong.MaxValue;
    private const ulong Data = 0x30_0000_0000;
    private const ulong LongName = Data + 0x1000;
    private const ulong Buffer = Data + 0x2000;
    private const ulong Zero = Data + 0x3000;
    private const ulong Root = Data + 0x0;
    private const ulong Folder = Data + 0x80;
    private const ulong Inner = Data + 0x100;
    private const ulong Dot = Data + 0x180;
    private const ulong Ones = Data + 0x200;
    private const ulong LocalName = Data + 0x280;
    private const ulong FarName = Data + 0x300;
    private const ulong Negative = Data + 0x380;
    private const ulong Whole = Data + 0x400;
    private const ulong SoftHard = Data + 0x480;
    private const ulong SmallStack = Data + 0x500;
    private const ulong BadStack = Data + 0x580;
    private const ulong AllStack = Data + 0x600;
    private const ulong CloneSet = Data + 0x680;
    private const ulong CloneSignal = Data + 0x700;
    private const ulong CloneThread = Data + 0x780;
    private const ulong CloneStack = Data + 0x800;
    private const ulong CloneFlag = Data + 0x880;
    private const ulong Notice = Data + 0x900;
    private const ulong Foreign = Data + 0x980;
    private const ulong Unsound = Data + 0xA00;

    /// <summary>Calls in order, and what must stand behind the equals sign.</summary>
    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] Calls =
    [
        (9, [0, 0, 3, 0x22, None, 0], "-1 EINVAL (the length is 0)"),
        (9, [Page + 1, 4096, 3, 0x32, None, 0], "-1 EINVAL (the start is not page-aligned)"),
        (9, [0, 4096, 3, 0x20, None, 0], "-1 EINVAL (neither MAP_SHARED nor MAP_PRIVATE)"),
        (9, [0, 4096, 3, 0x121, None, 0], "-1 EINVAL (MAP_GROWSDOWN needs private anonymous memory)"),
        (9, [0, 4096, 3, 0x22, None, 5], "-1 EINVAL (the offset is not a multiple of 4096)"),
        (9, [Page, 4096, 3, 0x10_0022, None, 0], "-1 EEXIST (something is mapped there)"),
        (9, [0, 1UL << 46, 3, 0x22, None, 0], "-1 ENOMEM (it is more than RAM and swap together)"),
        (9, [0, 4096, 1, 2, 1, 0], "-1 ENODEV (the file cannot be mapped)"),
        (11, [Page + 1, 4096], "-1 EINVAL (the start is not page-aligned)"),
        (11, [Page, 0], "-1 EINVAL (the length is 0)"),
        (11, [Page, 1UL << 50], "-1 EINVAL (it reaches past user space)"),
        (10, [Unmapped, 4096, 1], "-1 ENOMEM (part of it is not mapped)"),
        (10, [Page, 4096, 0x40], "-1 EINVAL (an unknown right)"),
        (25, [Page, 4096, 0, 1], "-1 EINVAL (the length is 0)"),
        (25, [Page, 4096, 4096, 0x40], "-1 EINVAL (an unknown flag)"),
        (25, [Page, 4096, 4096, 2, Unmapped], "-1 EINVAL (flags that do not go together)"),
        (25, [Page, 4096, 4096, 3, Page], "-1 EINVAL (the old and the new range overlap)"),
        (25, [Page, 4096, 8192, 0], "-1 ENOMEM (something is mapped behind it, and it may not move)"),
        (28, [Page, 4096, 77], "-1 EINVAL (unknown advice)"),
        (28, [Unmapped, 4096, 4], "-1 ENOMEM (part of it is not mapped)"),
        (26, [Page, 4096, 5], "-1 EINVAL (flags that do not go together)"),
        (314, [Page + 1, 4096, 0, 0], "-1 EINVAL (the start is not page-aligned)"),
        (314, [Page, 4097, 0, 0], "-1 EINVAL (the length is not a multiple of 4096)"),
        (314, [Page, 4096, 7, 0], "-1 EINVAL (unknown mode)"),
        (314, [Page, 1UL << 63, 0, 0], "-1 EINVAL (the length is negative)"),
        (314, [Page, 4096, 1, 8], "-1 EFAULT (no-mapping at 0x8)"),
        (321, [Page, Page + 4096, 4096, 2], "-1 EINVAL (an unknown flag)"),
        (321, [Unmapped, Page, 4096, 0], "-1 EINVAL (part of it is not mapped)"),
        (1, [1, Unmapped, 10], $"-1 EFAULT (no-mapping at {new MmuEmu.Emulator.Values.VirtAddr(Unmapped)})"),
        (79, [ReadOnly, 4096], $"-1 EFAULT (no-right at {new MmuEmu.Emulator.Values.VirtAddr(ReadOnly)})"),
        (12, [1UL << 50], "0x"),
        (39, [], "1000"),
    ];

    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] FileCalls =
    [
        (319, [Zero, 0], "3"),
        (291, [0], "4"),
        (284, [0], "5"),
        (83, [Folder, 0x1FF], "0"),
        (2, [Folder, 0x10000], "6"),
        (319, [Zero, 0x20], "-1 EINVAL (an unknown flag)"),
        (319, [Zero, 4], "-1 EINVAL (flags that are not offered here)"),
        (319, [LongName, 0], "-1 EINVAL (the name is longer than 249 bytes)"),
        (8, [3, 0, 9], "-1 EINVAL (an unknown whence)"),
        (8, [3, None, 0], "-1 EINVAL (the offset is negative)"),
        (17, [3, Zero, 1, None], "-1 EINVAL (the offset is negative)"),
        (77, [3, None], "-1 EINVAL (the length is negative)"),
        (77, [6, 0], "-1 EINVAL (the file was not opened for writing)"),
        (77, [5, 0], "-1 EINVAL (the file has no length to set)"),
        (19, [3, Zero, 2000], "-1 EINVAL (too many entries)"),
        (40, [3, 5, 0, 8], "-1 EINVAL (the file has no positions)"),
        (74, [5], "-1 EINVAL (the file keeps nothing to write back)"),
        (217, [6, Buffer, 1], "-1 EINVAL (the buffer is too small)"),
        (79, [Buffer, 1], "-1 ERANGE (the buffer is too small)"),
        (89, [Folder, Buffer, 0], "-1 EINVAL (a number that is not above 0)"),
        (89, [Folder, Buffer, 9], "-1 EINVAL (the file is no symbolic link)"),
        (21, [Folder, 9], "-1 EINVAL (unknown mode)"),
        (82, [Folder, Inner], "-1 EINVAL (a directory would be inside itself)"),
        (82, [Folder, Root], "-1 EBUSY (the path is the root)"),
        (84, [Root], "-1 EBUSY (the path is the root)"),
        (84, [Dot], "-1 EINVAL (the path ends in a dot)"),
        (86, [Folder, Inner], "-1 EPERM (the file is a directory)"),
        (316, [0, Folder, 0, Inner, 4], "-1 EINVAL (flags that are not offered here)"),
        (316, [0, Folder, 0, Inner, 9], "-1 EINVAL (an unknown flag)"),
        (316, [0, Folder, 0, Inner, 3], "-1 EINVAL (flags that do not go together)"),
        (292, [1, 1, 0], "-1 EINVAL (both descriptors are the same)"),
        (72, [1, 0, 1 << 20], "-1 EINVAL (RLIMIT_NOFILE ends before it)"),
        (72, [1, 77], "-1 EINVAL (no such command here)"),
        (436, [9, 8, 0], "-1 EINVAL (the first is behind the last)"),
        (233, [4, 1, 4, Zero], "-1 EINVAL (it would watch itself)"),
        (233, [5, 1, 4, Zero], "-1 EINVAL (the descriptor is not one of epoll)"),
        (233, [4, 1, 3, Zero], "-1 EPERM (the file is always ready)"),
        (233, [4, 9, 5, Zero], "-1 EINVAL (no such command here)"),
        (232, [4, Buffer, 0, 0], "-1 EINVAL (a number that is not above 0)"),
        (232, [4, Buffer, 0x7FFF_FFFF, 0], "-1 EINVAL (too many entries)"),
        (0, [4, Buffer, 8], "-1 EINVAL (the descriptor has no bytes)"),
        (0, [5, Buffer, 4], "-1 EINVAL (the buffer is too small)"),
        (1, [5, Ones, 8], "-1 EINVAL (the number is too large)"),
        (7, [Zero, 1 << 20, 0], "-1 EINVAL (too many entries)"),
        (23, [None, 0, 0, 0, 0], "-1 EINVAL (a count below 0)"),
    ];

    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] SocketCalls =
    [
        (41, [1, 1, 0], "7"),
        (41, [1, 1, 0], "8"),
        (41, [1, 1, 0], "9"),
        (41, [1, 1, 0], "10"),
        (41, [2, 1, 0], "11"),
        (49, [7, LocalName, 1], "-1 EINVAL (an address of another length)"),
        (49, [7, LocalName, 2], "-1 EINVAL (the address is empty)"),
        (49, [11, FarName, 16], "-1 EADDRNOTAVAIL (there is no network)"),
        (43, [7, 0, 0], "-1 EINVAL (the socket does not listen)"),
        (49, [7, LocalName, 4], "0"),
        (49, [7, LocalName, 4], "-1 EINVAL (the socket has a name)"),
        (50, [7, 1], "0"),
        (42, [7, LocalName, 4], "-1 EINVAL (the socket listens)"),
        (42, [8, LocalName, 4], "0"),
        (42, [9, LocalName, 4], "0"),
        (42, [10, LocalName, 4], "-1 EAGAIN (the listener's queue is full)"),
        (50, [8, 1], "-1 EINVAL (the socket is connected)"),
        (48, [8, 9], "-1 EINVAL (unknown mode)"),
        (44, [8, Zero, 1, 8], "-1 EOPNOTSUPP (flags that are not offered here)"),
        (53, [2, 1, 0, Buffer], "-1 EOPNOTSUPP (only AF_UNIX has pairs)"),
    ];

    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] SignalCalls =
    [
        (13, [99, 0, 0, 8], "-1 EINVAL (there is no such signal)"),
        (13, [9, Zero, 0, 8], "-1 EINVAL (SIGKILL and SIGSTOP stay as they are)"),
        (13, [10, Zero, 0, 4], "-1 EINVAL (a set of signals has 8 bytes)"),
        (14, [9, Zero, 0, 8], "-1 EINVAL (no such command here)"),
        (62, [0, 99], "-1 EINVAL (there is no such signal)"),
        (200, [0, 1], "-1 EINVAL (a number that is not above 0)"),
        (297, [1, 1, 10, Zero], "-1 EPERM (only the kernel sends that code)"),
        (128, [Zero, 0, Zero, 8], "-1 EAGAIN (the time is over)"),
        (131, [BadStack, 0], "-1 EINVAL (an unknown flag)"),
        (131, [SmallStack, 0], "-1 ENOMEM (the stack is below MINSIGSTKSZ)"),
        (131, [AllStack, 0], "0"),
        (131, [AllStack, 0], "-1 EPERM (the stack is in use)"),
    ];

    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] ProcessCalls =
    [
        (435, [Zero, 8], "-1 EINVAL (the size is not that of the struct)"),
        (435, [CloneSet, 88], "-1 EINVAL (process numbers cannot be chosen)"),
        (435, [CloneSignal, 88], "-1 EINVAL (there is no such signal)"),
        (435, [CloneFlag, 88], "-1 EINVAL (an unknown flag)"),
        (435, [CloneThread, 88], "-1 EINVAL (nobody would get the exit signal)"),
        (435, [CloneStack, 88], "-1 EINVAL (stack and size go together)"),
        (247, [0, 0, 0, 0], "-1 EINVAL (neither WEXITED nor WSTOPPED nor WCONTINUED)"),
        (247, [9, 0, 0, 4], "-1 EINVAL (an unknown kind of id)"),
        (61, [0, 0, 0x40, 0], "-1 EINVAL (an unknown flag)"),
        (105, [5], "-1 EPERM (there is one user, root)"),
        (109, [0, None], "-1 EINVAL (a negative process group)"),
        (112, [], "-1 EPERM (the caller leads a process group)"),
        (97, [99, Buffer], "-1 EINVAL (there is no such resource)"),
        (160, [3, SoftHard], "-1 EINVAL (the soft limit is above the hard one)"),
        (135, [5], "-1 EINVAL (only Linux's persona)"),
        (157, [999], "-1 EINVAL (no such command here)"),
        (158, [0x1002, None], "-1 EPERM (it reaches past user space)"),
        (203, [0, 8, Zero], "-1 EINVAL (no processor of the set exists)"),
        (204, [0, 12, Buffer], "-1 EINVAL (the size is not a multiple of 8)"),
        (144, [0, 1, Zero], "-1 EPERM (a policy that is not offered here)"),
        (142, [0, Ones], "-1 EINVAL (the priority is not 0)"),
        (273, [0, 8], "-1 EINVAL (the size is not that of the struct)"),
        (29, [0, 0, 0x200], "-1 EINVAL (the length is 0)"),
        (29, [5, 4096, 0x200], "0"),
        (29, [5, 9000, 0], "-1 EINVAL (the segment is shorter)"),
        (30, [77, 0, 0], "-1 EINVAL (there is no such segment)"),
        (67, [Data], "-1 EINVAL (no segment begins there)"),
        (31, [0, 77, 0], "-1 EINVAL (no such command here)"),
    ];

    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] TimeCalls =
    [
        (98, [9, Buffer], "-1 EINVAL (an unknown who)"),
        (228, [99, Buffer], "-1 EINVAL (there is no such clock)"),
        (230, [3, 0, Zero, 0], "-1 EINVAL (that clock stops in sleep)"),
        (35, [Negative, 0], "-1 EINVAL (the seconds are negative)"),
        (35, [Whole, 0], "-1 EINVAL (the fraction is a second or more)"),
        (38, [0, Ones, 0], "-1 EINVAL (the seconds are negative)"),
        (280, [3, 0, Whole, 0], "-1 EINVAL (the fraction is a second or more)"),
        (36, [1, Buffer], "-1 EINVAL (only ITIMER_REAL is offered)"),
        (226, [9], "-1 EINVAL (there is no such timer)"),
        (222, [0, Notice, Buffer], "-1 EINVAL (an unknown way to notify)"),
        (222, [0, Foreign, Buffer], "-1 EINVAL (the thread is not of this process)"),
        (222, [0, Unsound, Buffer], "-1 EINVAL (there is no such signal)"),
    ];

    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] FutexCalls =
    [
        (202, [Zero, 77], "-1 ENOSYS (no such command here)"),
        (202, [Zero, 0x101], "-1 ENOSYS (the command takes no FUTEX_CLOCK_REALTIME)"),
        (202, [Zero + 1, 1], "-1 EINVAL (the word is not aligned)"),
        (202, [Zero, 0, 5, 0], "-1 EAGAIN (the word holds another value)"),
        (202, [Zero, 9, 0, 0, 0, 0], "-1 EINVAL (the set of bits is empty)"),
        (202, [Zero, 3, None, 0, Zero], "-1 EINVAL (a count below 0)"),
        (202, [Zero, 7], "-1 EPERM (the caller does not hold the lock)"),
        (202, [Zero, 5, 0, 0, Zero, 7UL << 28], "-1 ENOSYS (an unknown operation)"),
        (202, [Zero, 5, 0, 0, Zero, 15UL << 24], "-1 ENOSYS (an unknown comparison)"),
    ];

    /// <summary>Words that stand in memory before <see cref="OtherCalls"/> begin; all else at <see cref="Data"/> is zero.</summary>
    private static readonly (ulong At, ulong Value)[] Words =
    [
        (Root, 0x2F),
        (Folder, 0x63652F),
        (Inner, 0x78_2F63_652F),
        (Dot, 0x2E2F_6365_2F),
        (Ones, ulong.MaxValue),
        (LocalName, 0x61_0001),
        (FarName, 0x0808_0808_0000_0002),
        (Negative, ulong.MaxValue),
        (Whole + 8, 1_000_000_000),
        (SoftHard, 2),
        (SoftHard + 8, 1),
        (SmallStack + 16, 100),
        (BadStack + 8, 77),
        (BadStack + 16, 1 << 20),
        (AllStack + 16, 1UL << 63),
        (CloneSet + 72, 1),
        (CloneSignal + 32, 99),
        (CloneThread, 0x10000),
        (CloneThread + 32, 17),
        (CloneStack + 40, Data),
        (CloneFlag, 1UL << 40),
        (Notice + 8, (9UL << 32) | 10),
        (Foreign + 8, (4UL << 32) | 10),
        (Foreign + 16, 1),
        (Unsound + 8, 99),
    ];

    /// <summary>Calls that are not of memory, as <see cref="Calls"/>.</summary>
    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] OtherCalls =
    [
        .. FileCalls, .. SocketCalls, .. SignalCalls, .. ProcessCalls, .. TimeCalls, .. FutexCalls,
    ];

    [Fact]
    public void Strace_says_which_rule_it_was()
    {
        using AsmGuest guest = new(Write);

        string[] answers = AnswersOf(guest, skip: 2, Calls);

        answers[^2].ShouldEndWith(" (it reaches past user space)");
    }

    [Fact]
    public void Strace_says_which_rule_it_was_of_calls_that_are_not_of_memory()
    {
        using AsmGuest guest = new(WriteOthers);

        AnswersOf(guest, skip: 1, OtherCalls).Length.ShouldBe(OtherCalls.Length);
    }

    [Fact]
    public void Strace_says_which_rule_it_was_of_locks_that_others_hold_or_wait_for()
    {
        using AsmGuest guest = new(c =>
        {
            Label second = c.CreateLabel();
            c.MapAt(Data, 0x4000);
            c.Call(202, Zero, 6, 0, 0);
            c.Call(56, 0x5_0F00, Data + 0x2000, 0, 0, 0);
            c.test(rax, rax);
            c.jz(second);
            c.Call(24);
            c.Call(24);
            c.Call(202, Zero, 1, 1);
            c.Call(202, Zero, 3, 1, 1, Zero + 4);
            c.Call(231, 0);
            c.Label(ref second);
            c.Call(202, Zero, 8);
            c.Call(202, Zero, 6, 0, 0);
        });

        string trace = CommandHarness.Run("run", "-q", "--strace", guest.Path).Error;

        trace.ShouldContain("-1 EAGAIN (another thread holds the lock)");
        trace.Split("-1 EINVAL (the word's waiters wait for a lock)").Length.ShouldBe(3);
    }

    [Fact]
    public void Strace_says_that_there_are_too_many_timers()
    {
        using AsmGuest guest = new(c =>
        {
            Label another = c.CreateLabel();
            c.MapAt(Data, 0x4000);
            c.mov(r15d, 1025);
            c.Label(ref another);
            c.Call(222, 0, 0, Buffer);
            c.dec(r15d);
            c.jnz(another);
            c.Exit(0);
        });

        string trace = CommandHarness.Run("run", "-q", "--strace", guest.Path).Error;

        trace.Split("-1 EAGAIN (the process has 1024 timers)").Length.ShouldBe(2);
    }

    [Fact]
    public void Json_names_the_rule()
    {
        using AsmGuest guest = new(Write);
        using JsonDocument report = JsonDocument.Parse(CommandHarness.Run("run", "--json", guest.Path).Out);
        JsonElement[] returns =
        [
            .. report.RootElement.GetProperty("events").EnumerateArray()
                .Where(happened => happened.GetProperty("type").GetString() == "return").Skip(2),
        ];

        (returns[0].GetProperty("errno").GetString(), returns[0].GetProperty("cause").GetString()).ShouldBe(("EINVAL", nameof(ErrnoCause.LengthZero)));
        int write = Array.FindIndex(Calls, call => call.Number == 1);
        returns[write].GetProperty("badAddress").GetString().ShouldBe("0x2000000000");
        returns[write].GetProperty("badKind").GetString().ShouldBe("no-mapping");
        returns[^1].TryGetProperty("cause", out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_cause_has_words_of_its_own()
    {
        string[] words = [.. Enum.GetValues<ErrnoCause>().Where(cause => cause != ErrnoCause.None).Select(ErrnoCauseText.Of)];

        words.ShouldAllBe(text => text.Length > 0 && text.Length <= 60);
        words.ShouldBeUnique();
    }

    /// <summary>What stands behind the equals signs, after it was compared with what must.</summary>
    private static string[] AnswersOf(AsmGuest guest, int skip, (ulong, ulong[], string Answer)[] calls)
    {
        string[] lines = CommandHarness.Run("run", "-q", "--strace", guest.Path).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] answers = [.. lines.Skip(skip).Take(calls.Length).Select(line => line[(line.LastIndexOf(" = ", StringComparison.Ordinal) + 3)..])];
        for (int i = 0; i < calls.Length; i++)
        {
            answers[i].ShouldStartWith(calls[i].Answer, customMessage: lines[i + skip]);
        }

        return answers;
    }

    private static void Write(Assembler c)
    {
        c.MapAt(Page, 8192);
        c.Call(9, ReadOnly, 4096, 1, 0x32, None, 0);
        foreach ((ulong number, ulong[] arguments, _) in Calls)
        {
            c.Call(number, arguments);
        }

        c.Exit(0);
    }

    private static void WriteOthers(Assembler c)
    {
        c.MapAt(Data, 0x4000);
        foreach ((ulong at, ulong value) in Words)
        {
            c.mov(rax, value);
            c.mov(rdi, at);
            c.mov(__[rdi], rax);
        }

        c.mov(rdi, LongName);
        c.mov(rcx, 300UL);
        c.mov(eax, 'a');
        c.rep.stosb();
        foreach ((ulong number, ulong[] arguments, _) in OtherCalls)
        {
            c.Call(number, arguments);
        }

        c.Exit(0);
    }
}
