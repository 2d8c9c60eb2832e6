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
    /// <param name="output">Where commands and answers go, and what went wrong.</param>
    /// <returns>The exit status.</returns>
    public static int Run(MonitorSession monitor, string name, TextReader lines, Output output)
    {
        int number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            output.Out.WriteLine($"> {OwnText.Printable(line.Trim())}");
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
        }

        return ExitCodes.Ok;
    }
}
