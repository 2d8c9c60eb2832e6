using System.Text;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Debugger.Travel;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>A session that is given lines, and what it answers.</summary>
internal sealed class MonitorScript : IDisposable
{
    private readonly TravelledRun _run;

    /// <summary>A session over the run that a command line asks for.</summary>
    public MonitorScript(string line)
    {
        _run = new TravelledRun(line);
        KernelOptions options = SavedRun.OptionsOf(line);
        Session = new MonitorSession(_run.Journey, new WhyStyle(new SoftPteFormat(options.Profile), Paint.None, options.Pressure, options.Cpu));
    }

    /// <summary>The session.</summary>
    public MonitorSession Session { get; }

    /// <summary>The run.</summary>
    public TravelledRun Run => _run;

    /// <summary>The answer to one line.</summary>
    public string Tell(string line) => string.Join('\n', Session.Execute(line));

    /// <summary>The lines, each with its answer below it.</summary>
    public string Play(IEnumerable<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines)
        {
            text.Append("> ").Append(line).Append('\n');
            foreach (string answer in Session.Execute(line))
            {
                text.Append(answer).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public void Dispose()
    {
        Session.Dispose();
        _run.Dispose();
    }
}
