using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>What is remembered of system calls for the explanation of a fault: the same whenever it is wanted.</summary>
public sealed class CallLogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_answer_is_of_the_moment_of_the_question_however_late_it_is_wanted(int seed)
    {
        Random random = new(seed);
        CallLog log = new(new SpaceLineage());
        List<NotedCall> all = [];
        List<NotedCall> expected = [];
        for (ulong step = 0; step < 20_000; step++)
        {
            int what = random.Next(2000);
            if (what < 8)
            {
                // When a fault asks, and the answer is worked out at once the long way
                (int space, VirtAddr address) = (random.Next(2), new VirtAddr((ulong)random.Next(400) << 12));
                log.Ask(space, address);
                expected = [.. all.TakeLast(CallLog.Kept).Where(call => call.Covers(space, address)).TakeLast(CallLog.Told)];
            }
            else if (what < 16)
            {
                log.Answer().ShouldBe(expected, $"step {step}");
            }
            else
            {
                NotedCall call = new(step, random.Next(2), 10, (ulong)random.Next(400) << 12, (ulong)random.Next(1, 9) << 12, step % 8);
                log.Note(call);
                all.Add(call);
            }
        }

        log.Answer().ShouldBe(expected);
    }

    [Fact]
    public void Nobody_has_asked_and_nothing_is_known() => new CallLog(new SpaceLineage()).Answer().ShouldBeEmpty();
}
