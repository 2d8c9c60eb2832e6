using MmuEmu.Tests.Debugger.Source;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>Lines of source in sessions over a program that was compiled with debug information.</summary>
public sealed class SourceStepTests : IDisposable
{
    private readonly SourcePrograms _programs = new();

    [Fact]
    public async Task Steps_and_breakpoints_go_by_line()
    {
        string program = await _programs.Build("gcc", "-g -O0 -static");
        using MonitorScript session = new(program);

        session.Tell("break main.c:24").ShouldStartWith("1: breakpoint at main.c:24 (0x");
        session.Tell("c").ShouldContain("main.c:24");
        string first = session.Tell("where");
        session.Tell("s").ShouldContain("chosen");
        session.Tell("finish").ShouldContain("main.c:24");
        session.Tell("rc").ShouldContain("stopped: 1: breakpoint at main.c:24");
        session.Tell("where").Replace("  PAST", "", StringComparison.Ordinal).ShouldBe(first);
        session.Tell("n").ShouldContain("part.h:3");
        session.Tell("rn").ShouldContain("main.c:24");
        session.Tell("src").ShouldContain(">   24          total += sum_of_squares(i, chosen(i));");
        session.Tell("where").ShouldNotContain(_programs.Folder);
    }

    [Fact]
    public async Task A_line_that_nobody_has_is_refused()
    {
        string program = await _programs.Build("gcc", "-g -O0 -static");
        using MonitorScript session = new(program);

        session.Tell("break nowhere.c:3").ShouldBe(
            "break: expected FILE:LINE of a source that the program was compiled from with -g; found 'nowhere.c:3'\ntry: break main");
    }

    public void Dispose() => _programs.Dispose();
}
