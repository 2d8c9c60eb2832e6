using System.Text.Json.Nodes;
using MmuEmu.Debugger;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Tests.Debugger;

/// <summary>A run with its report in a file, to repeat it or to change what the report says.</summary>
public sealed class ReportedRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mmuemu-report-");

    private ReportedRun(CommandResult result)
    {
        Result = result;
        Write(result.Out);
    }

    /// <summary>What the command line of the report did.</summary>
    public CommandResult Result { get; }

    /// <summary>The report's file.</summary>
    public string File => Path.Combine(_folder.FullName, "run.json");

    /// <summary>Runs <c>mmuemu run --json</c> with more words.</summary>
    public static ReportedRun Of(params string[] words) => new(CommandHarness.Run(["run", "--json", .. words]));

    /// <summary>The same with a standard input, in this process alone.</summary>
    public static ReportedRun With(IHostStream input, params string[] words) => new(Run(input, ["run", "--json", .. words]));

    /// <summary>A run that <c>--timeout</c> ended after so many instructions, a T at which it can be paused, as its report would tell it: no time of the host passes.</summary>
    public static ReportedRun CutShort(ulong instructions, params string[] words)
    {
        string count = instructions.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using ReportedRun limited = Of(["--max-insns", count, .. words]);
        limited.Change(report =>
        {
            report["end"] = new JsonObject { ["kind"] = "timeout", ["seconds"] = 0.5 };
            report["run"]!["options"]!["--max-insns"] = new JsonObject { ["value"] = null, ["by"] = "default" };
        });
        return new ReportedRun(limited.Again("--json"));
    }

    /// <summary>One command line with a standard input.</summary>
    public static CommandResult Run(IHostStream input, params string[] args)
    {
        (BytesOutput Out, BytesOutput Error) guest = (new(), new());
        (StringWriter Out, StringWriter Error) own = (new() { NewLine = "\n" }, new() { NewLine = "\n" });
        int status = Program.Run(args, Output.To(own.Out, own.Error, new GuestStreams(input, guest.Out, guest.Error)));
        return new CommandResult(status, own.Out.ToString(), own.Error.ToString(), guest.Out.Text, guest.Error.Text);
    }

    /// <summary>Repeats the run, with more words.</summary>
    public CommandResult Again(params string[] words) => CommandHarness.Run(["run", "--from", File, .. words]);

    /// <summary>The report as a tree.</summary>
    public JsonNode Json() => JsonNode.Parse(System.IO.File.ReadAllText(File))!;

    /// <summary>Changes the report.</summary>
    public void Change(Action<JsonNode> change)
    {
        JsonNode report = Json();
        change(report);
        Write(report.ToJsonString());
    }

    /// <summary>Replaces the file.</summary>
    public void Write(string text) => System.IO.File.WriteAllText(File, text);

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>A standard input that gives what it is told to, one answer for each read.</summary>
/// <param name="answers">The answers; behind them is the end. None of them is longer than what is asked for.</param>
public sealed class ScriptedInput(params string[] answers) : IHostStream
{
    private int _next;

    public bool IsTerminal => false;

    public (ushort Columns, ushort Rows) Size => (80, 24);

    public Errno Read(Span<byte> destination, out int count)
    {
        byte[] answer = _next < answers.Length ? System.Text.Encoding.Latin1.GetBytes(answers[_next++]) : [];
        answer.CopyTo(destination);
        count = answer.Length;
        return Errno.None;
    }

    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        return Errno.EBADF;
    }
}
