using System.Text;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Exports;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger;

/// <summary>The reference page is made of the tables that the program itself uses.</summary>
public sealed class ReferencePageTests
{
    private static readonly (string Rule, string Says)[] Rules =
    [
        ("at insn 120000: purge", "once, when exactly so many instructions have retired"),
        ("every 5000 insns: age", "each time another so many have retired"),
        ("at syscall vrange#2 entry: reclaim 1 frames", "before the second `vrange` does its work"),
        ("at syscall mmap return: reclaim 64 frames", "after every `mmap`, before the guest runs on"),
        ("at mark filled#1: purge", "when the guest sets the mark `filled` for the first time"),
        ("at mark step: age", "each time it sets the mark `step`"),
        ("at copy#1 after_prefault#2: evict", "when the first page copy of the run has touched the user's buffer for the second time (`--profile copy=cN`)"),
        ("at copy byte 2048: evict", "each time a page copy has copied so many bytes"),
        ("at copy#3 before_commit: hold until seen", "before the third page copy is committed; the other points are after_lock_page, after_kmap_atomic, before_fault_sleep, after_swapin, after_pin"),
    ];

    private static readonly (string Action, string Says)[] Actions =
    [
        ("reclaim N frames", "takes N frames back, by the same code and in the same order as an allocation under pressure would; fewer when no more can be had"),
        ("purge", "takes every volatile page and every lazily freed page that was not written since"),
        ("free run", "makes 512 aligned frames free at once, as a large page needs them, and gives them back"),
        ("evict", "at a copy: takes the page of its next user byte out of its entries, and to swap if it can go there"),
        ("hold until MARK", "at a copy: the task stays there until the program has set the mark, unless it has before; in an atomic state no task is held"),
        ("age", "clears the accessed bit of every page on the page lists, with its TLB entries, and turns the lists once; frees nothing"),
        ("fail nodes N", "lets the next N small allocations fail with ENOMEM: `nodes` of volatile ranges, `copies` of address spaces at fork, `splits` of mappings, page `tables`; `after M` spares M of them first"),
    ];

    private static readonly (string Point, string Says)[] Points =
    [
        ("120000", "when so many instructions have retired"),
        ("mark:filled", "at the mark, the first time; `mark:filled#2` the second"),
        ("syscall:vrange#2", "before the second `vrange` does its work"),
        ("fault:3", "before the third page fault is handled"),
        ("signal:1", "before the first signal is delivered"),
        ("end", "just before the program is gone"),
    ];

    private static readonly (string Command, string Schema, string Where)[] Documents =
    [
        ("`run --json`", "`mmuemu.run/2`", "[run-report.md](run-report.md), [run-schema.json](run-schema.json), [traces.md](traces.md) for its events"),
        ("`trace export --format ndjson`", "`mmuemu.trace/1`", "[traces.md](traces.md), [trace-schema.json](trace-schema.json)"),
        ("`walk --json`", "`mmuemu.walk/1`", "[traces.md](traces.md)"),
        ("`walk --image --json`", "`mmuemu.image-walk/1`", "[images.md](images.md)"),
        ("`why --json`", "`mmuemu.why/1`", "`reason`, `exitCode`, `t` of the end; `incidents`, `nth`, and that `incident` with its fault, walk and history; `threads`, `kill`, `said`, `lastFailedCall`; `text`, the answer as it is printed"),
        ("`pte decode`, `pte explain --json`", "`mmuemu.pte/1`", "one entry and what each access meets"),
        ("`cpu --json`", "`mmuemu.cpu/1`", "[cpu-models.md](cpu-models.md)"),
        ("`lab kmap --json`", "`mmuemu.lab/1`", "`runs`, each with `row`, `cure`, `command`, `safe`, `findings`, `counts`; [kmap-2002.md](kmap-2002.md)"),
    ];

    [Fact]
    public void The_page_says_what_the_program_does()
    {
        StringBuilder text = new("# Reference\n\n`mmuemu COMMAND --help` lists options, `mmuemu man` is the whole manual page.\n");
        Append(text, "Exit statuses", ["status", "means"], [.. ExitCodes.Meanings.Select(word => (word.Text, word.Says))]);
        text.Append("\nA guest may end with 120 or more itself. `--json` tells its own status from ours: `end.kind` ([run-report.md](run-report.md)).\n");
        text.Append("\n## Pressure: `--pressure RULE`\n\n    rule    = when \":\" what\n");
        text.Append("    when    = \"at\" \"insn\" N | \"every\" N \"insns\" | \"at\" \"syscall\" NAME [\"#\" K] (\"entry\" | \"return\") | \"at\" \"mark\" NAME [\"#\" K]\n");
        text.Append("            | \"at\" \"copy\" [\"#\" K] (POINT [\"#\" K] | \"byte\" N)\n");
        text.Append("    what    = \"reclaim\" N [\"frames\"] | \"purge\" | \"age\" | \"fail\" (\"nodes\" | \"copies\" | \"splits\" | \"tables\") N [\"after\" M] | \"free\" \"run\" | \"evict\" | \"hold\" \"until\" NAME\n\n");
        text.Append("N and K are decimal, at least 1. Without `#K` a rule acts each time. The option may be repeated; rules that meet act in the order in which they\n");
        text.Append("were typed. A rule that never acted is said at the end, with status 120 unless `--allow-unfired` is given.\n\n");
        Table(text, ["rule", "acts"], [.. Rules.Select(rule => ($"`{rule.Rule}`", rule.Says))]);
        text.Append('\n');
        Table(text, ["what", "happens"], [.. Actions.Select(action => ($"`{action.Action}`", action.Says))]);
        text.Append("\nA guest asks for the same itself by `mmuemu_reclaim`, `mmuemu_purge` and `mmuemu_age`, and sets marks by `mmuemu_mark(\"filled\")`: [guest-header.md](guest-header.md).\n");
        Append(text, "Points: `walk --at POINT`", ["point", "the run stops"], [.. Points.Select(point => ($"`{point.Point}`", point.Says))]);
        text.Append("\n## Addresses\n\n").Append(char.ToUpperInvariant(AddressWord.Form[0])).Append(AddressWord.Form[1..]).Append(": [traces.md](traces.md).\n");
        AppendProfile(text);
        text.Append("\n## Traces: `--trace KINDS`\n\n`mmuemu run --trace help` prints this; [traces.md](traces.md) has more.\n\n");
        TraceKindText.Explain().ToList().ForEach(line => text.Append(line.Length == 0 ? "\n" : $"    {line}\n"));
        Append(text, "Exports: `trace export --format FORMAT`", ["format", "what it is for"], [.. ExportFormat.Words.Select(word => ($"`{word.Text}`", word.Says))]);
        text.Append("\n[traces.md](traces.md) has more.\n");
        text.Append("\n## Documents: `--json`\n\n| command | schema | described in |\n|---|---|---|\n");
        Documents.ToList().ForEach(document => text.Append($"| {document.Command} | {document.Schema} | {document.Where} |\n"));

        GoldenFile.CheckAt("docs/reference.md", text.ToString());
    }

    [Fact]
    public void Every_rule_and_every_point_on_it_is_understood()
    {
        foreach ((string rule, _) in Rules)
        {
            PressureRuleParser.TryParse(rule, out PressureRule parsed, out _).ShouldBeTrue(rule);
            parsed.ToString().ShouldBe(rule);
        }

        Points.Select(point => StopText.TryParse(point.Point, out StopAt _)).ShouldAllBe(understood => understood);
        Enum.GetValues<PressureTrigger>().ShouldAllBe(trigger => Rules.Any(rule => TriggerOf(rule.Rule) == trigger));
        Enum.GetNames<PressureAction>().ShouldBe(Actions.Select(action => action.Action.Split(' ')[0]), ignoreOrder: true, comparer: StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("mmuemu.walk/1", "walk", "hello", "0x401000", "--json")]
    [InlineData("mmuemu.why/1", "why", "--json", "hello")]
    [InlineData("mmuemu.run/2", "run", "--json", "hello")]
    [InlineData("mmuemu.pte/1", "pte", "explain", "0x67", "--json")]
    [InlineData("mmuemu.cpu/1", "cpu", "--json")]
    [InlineData("mmuemu.lab/1", "lab", "kmap", "K-004", "c7", "--json")]
    public void Each_document_has_its_schema(string schema, params string[] args)
    {
        Documents.ShouldContain(document => document.Schema == $"`{schema}`");
        CommandHarness.Run(args).Out.ShouldContain($"\"schema\": \"{schema}\"");
    }

    private static PressureTrigger TriggerOf(string rule) => PressureRuleParser.TryParse(rule, out PressureRule parsed, out _) ? parsed.Trigger : default;

    private static void AppendProfile(StringBuilder text)
    {
        text.Append("\n## Historic behaviour: `--profile WORDS`\n\nWords separated by commas, at most one of a family; `mmuemu run --profile help` prints them.\n\n");
        text.Append("| word | means | source |\n|---|---|---|\n");
        ProfileWords.All.ToList().ForEach(word => text.Append($"| `{word.Text}` | {word.Says} | {word.Source} |\n"));
    }

    private static void Append(StringBuilder text, string title, string[] heads, (string, string)[] rows)
    {
        text.Append($"\n## {title}\n\n");
        Table(text, heads, rows);
    }

    private static void Table(StringBuilder text, string[] heads, (string, string)[] rows)
    {
        text.Append($"| {heads[0]} | {heads[1]} |\n|---|---|\n");
        Array.ForEach(rows, row => text.Append($"| {row.Item1} | {row.Item2} |\n"));
    }
}
