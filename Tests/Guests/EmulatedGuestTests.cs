using MmuEmu.Guests;

namespace MmuEmu.Tests.Guests;

/// <summary>Every program that ships, run by the command as a user runs it: by its name alone.</summary>
public sealed class EmulatedGuestTests
{
    public static TheoryData<string> All => GuestFiles.Names(_ => true);

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_guest_prints_what_is_expected_and_ends_as_announced(string name)
    {
        GuestProgram program = GuestFiles.Find(name);

        HostRun run = await MmuemuCommand.Run("run", name);

        (run.ExitCode, run.Output).ShouldBe((program.ExitCode, GuestFiles.ExpectedOutputOf(program)), run.Errors);
    }
}
