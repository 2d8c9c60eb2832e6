using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>The calls at fixed addresses: served, seen in maps, and a bad pointer is a signal instead of an errno.</summary>
public sealed class VsyscallTests
{
    private const ulong TimeOfDay = 0xFFFF_FFFF_FF60_0000;
    private const ulong Time = TimeOfDay + 0x400;
    private const ulong GetCpu = TimeOfDay + 0x800;
    private const ulong Bad = 0x10;

    [Theory]
    [InlineData(TimeOfDay, Bad, 0)]
    [InlineData(TimeOfDay, AssembledGuest.Data, Bad)]
    [InlineData(TimeOfDay, AssembledGuest.Data + AssembledGuest.DataBytes - 8, 0)]
    [InlineData(Time, Bad, 0)]
    [InlineData(Time, ulong.MaxValue - 7, 0)]
    [InlineData(GetCpu, Bad, 0)]
    [InlineData(GetCpu, 0, Bad)]
    public void A_bad_pointer_raises_SIGSEGV_at_the_entry(ulong entry, ulong first, ulong second)
    {
        GuestRun run = GuestRun.Of(a => CallThenExit(a, entry, first, second));

        (run.Result.Reason, run.Result.Signal, run.Result.ExitCode).ShouldBe((EndReason.Killed, Signal.SIGSEGV, 139));
    }

    [Theory]
    [InlineData(TimeOfDay, AssembledGuest.Data, AssembledGuest.Data + 16)]
    [InlineData(TimeOfDay, 0, 0)]
    [InlineData(Time, AssembledGuest.Data + AssembledGuest.DataBytes - 8, Bad)]
    [InlineData(GetCpu, AssembledGuest.Data, 0)]
    public void A_good_or_absent_one_is_served(ulong entry, ulong first, ulong second)
    {
        GuestRun run = GuestRun.Of(a => CallThenExit(a, entry, first, second));

        (run.Result.Reason, run.Result.ExitCode).ShouldBe((EndReason.Exited, 7));
    }

    private static void CallThenExit(Assembler a, ulong entry, ulong first, ulong second)
    {
        a.mov(rdi, first);
        a.mov(rsi, second);
        a.mov(rax, entry);
        a.call(rax);
        a.Call(231, 7);
    }
}
