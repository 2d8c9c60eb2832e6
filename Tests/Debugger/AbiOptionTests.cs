using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger;

/// <summary>What <c>--abi</c> and <c>--profile</c> make of numbers with two meanings, as the command shows it.</summary>
public sealed class AbiOptionTests : IDisposable
{
    private const ulong Page = 0x1000_0000;
    private readonly string _folder = Directory.CreateTempSubdirectory("abi").FullName;
    private readonly string _program;

    public AbiOptionTests()
    {
        _program = Path.Combine(_folder, "guest");
        File.WriteAllBytes(_program, AssembledGuest.Undeclared(a =>
        {
            a.MapAt(Page, 4096);
            a.Call(314, Page, 4096, 0, 0);
            a.Call(28, Page, 4096, 18);
            a.Call(28, Page, 4096, 5);
            a.Call(231, 0);
        }));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "sched_setattr(268435456, 0x1000, NULL) = -1 EFAULT", "MADV_WIPEONFORK) = 0", "MADV_5) = -1 EINVAL (unknown advice)")]
    [InlineData("--abi linux", "sched_setattr(268435456, 0x1000, NULL) = -1 EFAULT", "MADV_WIPEONFORK) = 0", "MADV_5) = -1 EINVAL (unknown advice)")]
    [InlineData("--abi proposals", "vrange(0x10000000, 4096, VRANGE_VOLATILE, NULL) = 4096", "MADV_USERFAULT) = 0", "MADV_FREE) = 0")]
    [InlineData("--profile vrange=v10", "vrange(0x10000000, 4096, VRANGE_VOLATILE, NULL) = 4096", "MADV_WIPEONFORK) = 0", "MADV_5) = -1 EINVAL (unknown advice)")]
    [InlineData("--profile userfault=uf2014", "sched_setattr(268435456, 0x1000, NULL) = -1 EFAULT", "MADV_USERFAULT) = 0", "MADV_5) = -1 EINVAL (unknown advice)")]
    [InlineData("--profile strict", "sched_setattr(268435456, 0x1000, NULL) = -1 EFAULT", "MADV_WIPEONFORK) = 0", "MADV_FREE) = 0")]
    public void Strace_prints_the_meaning_in_force(string options, params string[] calls)
    {
        CommandResult result = CommandHarness.Run(["run", "--strace", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), _program]);

        string[] told = [.. calls.Where(call => result.Error.Contains(call, StringComparison.Ordinal))];
        told.ShouldBe(calls, result.Error);
    }

    [Fact]
    public void An_undeclared_program_that_means_a_proposal_is_told_what_to_type()
    {
        CommandResult result = CommandHarness.Run("run", _program);

        result.Error.ShouldContain("system call 314 is sched_setattr here, as on Linux; if the program means vrange of the proposals: --abi proposals");
        result.Error.ShouldContain("madvise 5 is no advice of Linux and answers EINVAL; if the program means MADV_FREE of the proposals: --abi proposals");
    }
}
