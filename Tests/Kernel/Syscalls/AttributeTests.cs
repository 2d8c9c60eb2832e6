using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Syscalls;

/// <summary>What programs ask on their way and get the answer of a system without: extended attributes, protection keys; and capabilities.</summary>
public sealed class AttributeTests
{
    private const ulong Area = AssembledGuest.Data;
    private const ulong Root = Area + 0x100;
    private const ulong Missing = Area + 0x200;

    [Theory]
    [InlineData(188, Root, Errno.EOPNOTSUPP)]
    [InlineData(189, Missing, Errno.ENOENT)]
    [InlineData(190, 99, Errno.EBADF)]
    [InlineData(191, Root, Errno.EOPNOTSUPP)]
    [InlineData(192, Missing, Errno.ENOENT)]
    [InlineData(193, 1, Errno.EOPNOTSUPP)]
    [InlineData(194, Root, Errno.None)]
    [InlineData(195, Missing, Errno.ENOENT)]
    [InlineData(196, 1, Errno.None)]
    [InlineData(197, Root, Errno.EOPNOTSUPP)]
    [InlineData(199, 99, Errno.EBADF)]
    [InlineData(330, 0, Errno.ENOSPC)]
    public void A_call_answers_as_on_a_system_without(ulong number, ulong first, Errno expected)
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.mov(rax, Root);
            a.mov(__word_ptr[rax], (short)'/');
            a.mov(rax, Missing);
            a.mov(__word_ptr[rax], (short)'x');
            a.Call(number, first, Area, 0, 0);
            ExitWithErrno(a);
        });

        run.Result.ExitCode.ShouldBe((int)expected);
    }

    [Fact]
    public void Root_has_every_capability()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.mov(rax, Area);
            a.mov(__dword_ptr[rax], 0x2008_0522);
            a.Call(125, Area, Area + 8);
            a.PrintAndExit(Area, 32);
        });

        (run[0], run[1], run[2], run[3]).ShouldBe((0x2008_0522UL, ulong.MaxValue, 0x1FF_0000_0000UL, 0x1FFUL));
    }

    [Fact]
    public void An_unknown_version_of_capabilities_is_answered_by_the_known_one()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.Call(125, Area, Area + 8);
            a.mov(rcx, Area + 8);
            a.mov(__[rcx], rax);
            a.PrintAndExit(Area, 16);
        });

        (run[0], (long)run[1]).ShouldBe((0x2008_0522UL, -(long)Errno.EINVAL));
    }

    private static void ExitWithErrno(Assembler a)
    {
        a.neg(rax);
        a.mov(rdi, rax);
        a.mov(eax, 231);
        a.syscall();
    }
}
