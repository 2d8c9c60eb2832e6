using System.Globalization;
using MmuEmu.Debugger.Monitor;

namespace MmuEmu.Debugger.View;

/// <summary>Commands from a file, without a terminal: each is shown with its answer; one that cannot be done ends it.</summary>
internal static class BatchScript
{
    /// <summary>Runs the lines.</summary>
    /// <param name="monitor">The session.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="trouble">Where the run is not that of its recording, in words; null while it is.</param>
    /// <param name="timeout">How long it may take; null for as long as it does.</param>
    /// <param name="output">Where commands and answers go, and what went wrong.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="CommandException">It was interrupted, or its time was over.</exception>
    public static int Run(MonitorSession monitor, string name, TextReader lines, Func<string?> trouble, TimeSpan? timeout, Output output)
    {
        using ScriptWatch watch = new(monitor.Context.Journey, timeout);
        for (int number = 1; lines.ReadLine() is { } line && !MonitorSession.IsQuit(Shown(line, output)); number++)
        {
            IReadOnlyList<string> answer = monitor.Execute(line);
            if (monitor.Failed)
            {
                output.Complain(string.Create(CultureInfo.InvariantCulture, $"{name} line {number}: {answer[0]}"), answer.Count > 1 ? answer[1] : "try: help");
                return ExitCodes.Usage;
            }

            foreach (string text in answer)
            {
                output.Out.WriteLine(text);
            }

            output.Out.Flush();
            if (watch.IsOver)
            {
                throw watch.Reason(number);
            }
        }

        if (trouble() is not { } departed)
        {
            return ExitCodes.Ok;
        }

        output.Say(departed);
        return ExitCodes.Expectation;
    }

    /// <summary>The line, which stands before its answer; an empty one is not shown.</summary>
    private static string Shown(string line, Output output)
    {
        if (line.Trim().Length > 0)
        {
            output.Out.WriteLine($"> {OwnText.Printable(line.Trim())}");
            output.Out.Flush();
        }

        return line;
    }
}
