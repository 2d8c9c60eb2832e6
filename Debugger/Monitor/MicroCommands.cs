using System.Globalization;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The micro-steps of the T at which the user is.</summary>
internal static class MicroCommands
{
    /// <summary>Shown before and after the current one, unless all are asked for.</summary>
    private const int Around = 30;

    /// <summary><c>micro</c>.</summary>
    public static IEnumerable<string> Micro(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        if (words.Count == 1 && words[0] != "all")
        {
            throw words.Refusal("all, or nothing", words[0], "micro all");
        }

        int here = (int)context.Journey.Here.Step;
        List<(int Done, bool HasArrow, string Mark, string Text)> lines = LinesOf(context);
        int count = context.Journey.Now.Steps.Count;
        bool all = words.Count == 1 || count <= 2 * Around;
        (int first, int last) = all ? (0, count) : (here - Around, here + Around);
        string before = first > 0 ? "    ... micro all shows those before, too" : "";
        string after = last < count ? "    ... micro all shows those that follow, too" : "";
        IEnumerable<string> shown = lines.Where(line => line.Done >= first && line.Done <= last)
            .Select(line => $"{(line.HasArrow ? "-->" : "   ")} {line.Mark,-5}{line.Text}");
        string head = $"T {context.Journey.Here.Time}: {(count == 0 ? "nothing happens besides the instruction" : $"{count} micro-steps")}";
        return new[] { head, before }.Concat(shown).Append(after).Where(line => line.Length > 0);
    }

    /// <summary>Each point of this T: how many micro-steps are over there, and what was the last; the instruction has no step of its own.</summary>
    private static List<(int Done, bool HasArrow, string Mark, string Text)> LinesOf(MonitorContext context)
    {
        Journey journey = context.Journey;
        MicroStory story = MicroStory.Here(context);
        (int here, int start) = ((int)journey.Here.Step, (int)journey.Now.Start);
        bool over = journey.End is not null && journey.Here.Time >= journey.Explored;
        List<(int Done, bool HasArrow, string Mark, string Text)> lines = [];
        for (int done = 0; done <= story.Count; done++)
        {
            if (done > 0)
            {
                // Where the instruction begins, its own line has the arrow.
                lines.Add((done, here == done && done != start, string.Create(CultureInfo.InvariantCulture, $".{done}"), story.Short(done - 1)));
            }

            if (done == start)
            {
                lines.Add((done, here == done, "T", over ? "the run is over" : "the instruction is about to run"));
            }
        }

        return lines;
    }
}
