using System.Globalization;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Where the user is, as lines: T, thread, source, then the instruction or micro-step.</summary>
/// <param name="context">The session.</param>
internal sealed class PositionText(MonitorContext context)
{
    private Journey Journey => context.Journey;

    /// <summary>The position with thread and place, in one line.</summary>
    public string Head()
    {
        (TaskView? task, VirtAddr rip) = Journey.Look(kernel => (new KernelView(kernel).Current, new VirtAddr(kernel.Core.Vcpu.Rip)));
        string past = Journey.IsPast ? "  PAST" : "";
        if (task is null || IsOver)
        {
            return $"T {Journey.Show(Journey.Here)}  {(IsOver ? $"the run is over: {EndOf(Journey.End!)}" : "no thread at work")}{past}";
        }

        string who = task.Tid == task.Pid ? $"pid {task.Pid}" : $"pid {task.Pid} tid {task.Tid}";
        return $"T {Journey.Show(Journey.Here)}  {who} {OwnText.Printable(task.Name)}  at {context.Source.PlaceOf(rip, task)}{past}";
    }

    /// <summary>All that is shown after a move.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Head();
        if (IsOver)
        {
            yield break;
        }

        VirtAddr rip = Journey.Look(kernel => new VirtAddr(kernel.Core.Vcpu.Rip));
        if (Journey.IsAtInstruction)
        {
            foreach (string line in context.Source.PlaceAt(rip).Lines(0))
            {
                yield return $"  {line}";
            }

            yield return $"  => {rip}  {Journey.Look(kernel => CodeText.At(kernel, rip))}";
            yield break;
        }

        if (Journey.Here.Step == 0)
        {
            yield return $"  before the first of {Journey.Now.End} micro-steps";
            yield break;
        }

        MicroStory story = MicroStory.Here(context);
        yield return $"  .{Journey.Here.Step} of {Journey.Now.End}  {story.Short((int)Journey.Here.Step - 1)}";
        yield return $"     {story.Sentence((int)Journey.Here.Step - 1)}";
    }

    /// <summary>How the run ended.</summary>
    public static string EndOf(RunResult end)
    {
        string text = EndText.Of(end);
        return text.Length > 0 ? text
            : end.Reason == EndReason.Exited ? string.Create(CultureInfo.InvariantCulture, $"it ended with status {end.ExitCode}") : "it was stopped";
    }

    private bool IsOver => Journey.End is not null && Journey.Here.Time >= Journey.Explored && Journey.Here.Step >= Journey.Now.End;
}
