using MmuEmu.Guests;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Guests;

/// <summary>Same guest, same configuration: the same events, at the same instruction.</summary>
public sealed class RepeatTests
{
    private const TraceKinds Everything = TraceKinds.Fault | TraceKinds.Walk | TraceKinds.Syscall | TraceKinds.Reclaim
        | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task;

    public static TheoryData<string> Short =>
        GuestFiles.Names(program => program.Kind is GuestKind.Lesson or GuestKind.Wrong && program.RunOptions.Count == 0);

    [Theory]
    [MemberData(nameof(Short))]
    public void Two_runs_of_a_guest_tell_the_same_story(string name) => StoryOf(name).ShouldBe(StoryOf(name));

    private static string StoryOf(string name)
    {
        string file = GuestFiles.BuiltFileOf(GuestFiles.Find(name));
        GuestRun run = GuestRun.Of(GuestRun.Options(file) with { Trace = new TraceRecorder(Everything) });
        run.Trace!.All.ShouldNotBeEmpty();
        return string.Join('\n', [.. run.Trace.All, run.Result.Reason.ToString(), run.Output.Text]);
    }
}
