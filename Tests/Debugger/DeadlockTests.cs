using Iced.Intel;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger;

/// <summary>A run in which nothing can happen any more ends, and says who waits for what.</summary>
public sealed class DeadlockTests
{
    [Fact]
    public void Who_reads_what_nobody_writes_is_named()
    {
        using AsmGuest guest = new(Write);

        CommandResult result = CommandHarness.Run("run", guest.Path);

        result.Status.ShouldBe(123);
        result.Error.ShouldContain(": deadlock at t=");
        result.Error.ShouldMatch("\nmmuemu:   guest \\(1000\\) waits for a read of .*pipe.* that nobody writes to\n");
    }

    /// <summary>A pipe whose ends are both its own.</summary>
    private static void Write(Assembler c)
    {
        c.Call(22, AssembledGuest.Data);
        c.Call(0, 3, AssembledGuest.Data + 8, 1);
        c.Exit(0);
    }
}
