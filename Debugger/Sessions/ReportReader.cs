using System.Text.Json;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Reads of a report what is needed to run the same again.</summary>
internal static class ReportReader
{
    private static readonly (string Name, OptionOrigin Origin)[] Origins =
        [("default", OptionOrigin.Default), ("catalogue", OptionOrigin.Catalogue), ("typed", OptionOrigin.Typed)];

    private static readonly (string Kind, InterruptCause Cause)[] Causes = [("timeout", InterruptCause.Timeout), ("interrupted", InterruptCause.Signal)];

    /// <summary>The run that <paramref name="file"/> tells of.</summary>
    /// <exception cref="CommandException">The file cannot be read, or is no whole report.</exception>
    public static PastRun Read(string file)
    {
        ReportNode root = new(file, "", ReportFile.Open(file));
        ReportNode run = root["run"];
        RunRecord record = new(
            run["guest"].Text,
            [.. root["arguments"].Items.Select(argument => argument.Text)],
            run["program"].TextOrNull,
            run["workingFolder"].TextOrNull,
            [.. run["options"].Members.Select(member => OptionOf(member.Name, member.Value))]);
        string top = (record.ValueOf("--root") ?? "/").TrimEnd('/');
        return new PastRun(
            file,
            root["version"].Text,
            record,
            InputOf(root["stdin"]),
            root["programSha256"].TextOrNull,
            [.. root.Find("files")?.Items.Select(one => FileOf(one, top)) ?? []],
            CutOf(root["end"], root["t"].Number),
            new RunTrack(root["t"].Number, root["ramSha256"].Text));
    }

    /// <summary>The word for who decided an option.</summary>
    public static string NameOf(OptionOrigin origin) => Array.Find(Origins, one => one.Origin == origin).Name;

    /// <summary>The word for what of the host ended a run.</summary>
    public static string NameOf(InterruptCause cause) => Array.Find(Causes, one => one.Cause == cause).Kind;

    private static RecordedOption OptionOf(string name, ReportNode node)
    {
        ReportNode value = node["value"];
        string by = node["by"].Text;
        (string Name, OptionOrigin Origin) origin = Array.Find(Origins, one => one.Name == by);
        OptionOrigin decided = origin.Name is null ? throw node["by"].Wrong("default, catalogue or typed") : origin.Origin;
        return value.Value?.Kind switch
        {
            JsonTokenType.True => new(name, OptionValues.Switch, [RecordedOption.On], decided),
            JsonTokenType.False => new(name, OptionValues.Switch, [], decided),
            JsonTokenType.StartArray => new(name, OptionValues.Many, [.. value.Items.Select(item => item.Text)], decided),
            JsonTokenType.Null => new(name, OptionValues.One, [], decided),
            _ => new(name, OptionValues.One, [value.Text], decided) { Written = node.Find("written") is { } written ? [written.Text] : null },
        };
    }

    private static RecordedInput InputOf(ReportNode node)
    {
        byte[]? data = node.Find("truncated") is { Flag: true } ? null : node["data"].Bytes;
        string? error = node.Find("error")?.Text;
        Errno errno = Errno.None;
        return error is not null && !Enum.TryParse(error, out errno)
            ? throw node["error"].Wrong("the name of an errno")
            : new RecordedInput(node["bytes"].Number, node["sha256"].Text, data)
            {
                Pieces = [.. node.Find("pieces")?.Items.Select(piece => piece.Number) ?? []],
                Error = errno,
            };
    }

    private static RecordedFile FileOf(ReportNode node, string root)
    {
        string path = node["path"].Text;
        return new RecordedFile(path, node.Find("hostPath")?.Text ?? root + path, node["sha256"].TextOrNull);
    }

    private static RunCut? CutOf(ReportNode end, ulong time)
    {
        string kind = end["kind"].Text;
        InterruptCause cause = Array.Find(Causes, one => one.Kind == kind).Cause;
        return cause == InterruptCause.None
            ? null
            : new RunCut(cause, cause == InterruptCause.Timeout ? TimeSpan.FromSeconds(end["seconds"].Real) : null, time);
    }
}
