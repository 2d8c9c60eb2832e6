using System.Text;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>The table of commands is its own document.</summary>
public sealed class CommandDocumentTests
{
    private const string Begin = """
        # Commands of the debugger

        Printed from `Debugger/Monitor/CommandTable.cs`; `MMUEMU_UPDATE_GOLDEN=1 dotnet test Tests` writes it again.

        One line is one command. The same words are understood by the command box, by scripts, and by gdb behind `monitor`.
        What begins with `#` is a remark; `quit` ends a script or the view. A command that cannot be done says what was expected, what was found, and what to type instead.

        - **T** is the number of instructions retired. **T.k** is a point inside of T: k micro-steps are over of what happens there, the kernel's work
          included. `micro` lists them.
        - **ADDR** is a number (with 0x, or hexadecimal), a symbol, a register such as `$rdi`, `$rip` or `$cr2`, each with or without `+OFFSET`, or `here`.
          `here`, also where ADDR is left out, is the access of the micro-step that is just over, or else CR2: the address of the last page fault.
        - A name with **r** before it goes back: `rs`, `rsi`, `ru`, `rc`. `back` does the same in words, as in `back to fault`, for which no short name is left.
          `b` is `break`, as in gdb.
        - Questions change nothing. `purge`, `reclaim`, `age`, `type` and `signal` change the run: another future begins there, and what was known of the old one is forgotten.

        """;

    [Fact]
    public void The_document_lists_every_command()
    {
        StringBuilder text = new(Begin);
        foreach (IGrouping<string, MonitorCommand> family in CommandTable.Rows.GroupBy(command => command.Family))
        {
            text.Append($"\n## {family.Key}\n\n| command | also | what it does |\n|---|---|---|\n");
            foreach (MonitorCommand command in family)
            {
                string also = string.Join(", ", command.Short.Select(name => $"`{name}`"));
                text.Append($"| `{command.Usage.Replace("|", "\\|", StringComparison.Ordinal)}` | {also} | {command.Help} |\n");
            }
        }

        GoldenFile.CheckAt(Path.Combine("docs", "debugger-commands.md"), text.ToString());
    }
}
