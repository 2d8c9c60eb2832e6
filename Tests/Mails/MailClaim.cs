using System.Text.RegularExpressions;

namespace MmuEmu.Tests.Mails;

/// <summary>One thing that a mail says, and the runs that show it; or why nothing here does.</summary>
/// <param name="Says">The claim, in our words.</param>
/// <param name="Line">Where it begins in its file, from 1.</param>
public sealed record MailClaim(string Says, int Line)
{
    /// <summary>The rows of the behaviour specification that it became.</summary>
    public List<string> Rows { get; } = [];

    /// <summary>The commands, in the order in which the page has them.</summary>
    public List<MailRun> Runs { get; } = [];

    /// <summary>What the runs mean, in words; none for most.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Why nothing here shows it; null when runs do.</summary>
    public string? Unshown { get; set; }
}

/// <summary>One command of a claim, what of its output the page keeps, and what must be in that.</summary>
/// <param name="Command">As a user types it.</param>
public sealed record MailRun(string Command)
{
    /// <summary>Lines that match one of these are kept.</summary>
    public List<MailKeep> Keeps { get; } = [];

    /// <summary>Texts each of which must be in a kept line.</summary>
    public List<string> Sees { get; } = [];

    /// <summary>Texts none of which may be anywhere in the output.</summary>
    public List<string> Misses { get; } = [];

    /// <summary>Stretches between marks with how their cycles compare: <c>vrange &lt; free</c>, <c>one = many</c>.</summary>
    public List<string> Cycles { get; } = [];

    /// <summary>The exit status of the command.</summary>
    public int Status { get; set; }
}

/// <summary>Lines that a page shows.</summary>
/// <param name="Pattern">What they match.</param>
/// <param name="Most">Of the lines that match, so many.</param>
/// <param name="Behind">With so many lines behind each.</param>
public sealed record MailKeep(Regex Pattern, int Most, int Behind);
