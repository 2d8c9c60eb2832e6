using System.Text;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Screens;
using MmuEmu.Debugger.View;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Debugger.Travel;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Debugger.View;

/// <summary>A view that is given keys, without a terminal.</summary>
internal sealed class ViewScript : IDisposable
{
    private static readonly Dictionary<string, KeyName> Named = new()
    {
        ["<Tab>"] = KeyName.Tab,
        ["<Left>"] = KeyName.Left,
        ["<Right>"] = KeyName.Right,
        ["<Up>"] = KeyName.Up,
        ["<Down>"] = KeyName.Down,
        ["<Home>"] = KeyName.Home,
        ["<End>"] = KeyName.End,
        ["<PageUp>"] = KeyName.PageUp,
        ["<PageDown>"] = KeyName.PageDown,
        ["<Enter>"] = KeyName.Enter,
        ["<Escape>"] = KeyName.Escape,
        ["<Delete>"] = KeyName.Delete,
    };

    private readonly TravelledRun _run;
    private readonly MonitorSession _monitor;

    /// <summary>A view of the run that a command line asks for.</summary>
    public ViewScript(string line)
    {
        _run = new TravelledRun(line);
        KernelOptions options = SavedRun.OptionsOf(line);
        _monitor = new MonitorSession(_run.Journey, new WhyStyle(new SoftPteFormat(options.Profile), Paint.None, options.Pressure, options.Cpu));
        View = new ViewSession(_monitor, new SceneMaker(line, _monitor, static () => "filled 16 pages\n"u8.ToArray(), static () => null));
    }

    /// <summary>The view.</summary>
    public ViewSession View { get; }

    /// <summary>The run.</summary>
    public TravelledRun Run => _run;

    /// <summary>What is shown now, once all is known.</summary>
    public string Shown(int columns, int rows)
    {
        View.Settle();
        return View.Page(columns, rows).Draw(columns, rows, BorderGlyphs.Lines).ToString();
    }

    /// <summary>The same at the sizes that terminals mostly have.</summary>
    public string ShownAtAllSizes()
    {
        StringBuilder text = new();
        foreach ((int columns, int rows) in ((int, int)[])[(80, 24), (100, 30), (120, 40), (200, 50)])
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"== {columns} by {rows}\n").Append(Shown(columns, rows)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Presses keys: characters, and names such as <c>&lt;Tab&gt;</c>. True when the last one quits.</summary>
    public bool Press(params string[] keys)
    {
        ViewAnswer answer = default;
        foreach (string key in keys)
        {
            answer = View.Take(Named.TryGetValue(key, out KeyName name) ? new KeyStroke(name)
                : key is ['<', '^', var letter, '>'] ? new KeyStroke(KeyName.Text, letter.ToString(), HasControl: true)
                : key is ['<', 'F', var digit, '>'] ? new KeyStroke(KeyName.Function, "", digit - '0')
                : new KeyStroke(KeyName.Text, key, HasShift: char.IsUpper(key[0])));
            answer.Work?.Invoke();
        }

        return answer.Kind == ViewAnswerKind.Quit;
    }

    /// <summary>Types characters one by one.</summary>
    public void Type(string text) => Press([.. text.Select(letter => letter.ToString())]);

    public void Dispose()
    {
        _monitor.Dispose();
        _run.Dispose();
    }
}
