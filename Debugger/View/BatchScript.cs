using System.Globalization;
using System.Runtime.InteropServices;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Kernel.Abi;

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
    public static int Run(MonitorSession monitor, string name, TextReader lines, Func<string?> trouble, TimeSpan? timeout, Output output)
    {
        int number = 0;
        bool isUnwanted = false;
        bool isLate = false;
        using Timer clock = new(_ =>
        {
            isLate = true;
            monitor.Context.Journey.Interrupt();
        });
        clock.Change(timeout ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            // A second one ends the command as if nobody listened.
            context.Cancel = !isUnwanted;
            isUnwanted = true;
            monitor.Context.Journey.Interrupt();
        });
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            output.Out.WriteLine($"> {OwnText.Printable(line.Trim())}");
            output.Out.Flush();
            if (MonitorSession.IsQuit(line))
            {
                break;
            }

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
            if (isUnwanted)
            {
                output.Complain($"interrupted in line {number}: the script ends there", "try: run to, seek and c with places that are nearer");
                return ExitCodes.SignalBase + (int)Signal.SIGINT;
            }

            if (isLate)
            {
                output.Complain($"the time of --timeout, {timeout!.Value.TotalSeconds} s, was over in line {number}: the script ends there", "try: --timeout with more seconds");
                return ExitCodes.Limit;
            }
        }

        if (trouble() is not { } departed)
        {
            return ExitCodes.Ok;
        }

        output.Say(departed);
        return ExitCodes.Expectation;
    }
}
