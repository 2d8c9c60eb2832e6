using System.Text.Json;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger;

/// <summary>Calls by <c>int $0x80</c> as the command shows them.</summary>
public sealed class CompatTraceTests
{
    [Fact]
    public void Traces_name_the_call_and_its_door()
    {
        using AsmGuest guest = new(a =>
        {
            a.Int80(20);
            a.Call(39);
            a.Int80(252, 3);
        });

        string trace = CommandHarness.Run("run", "-q", "--strace", guest.Path).Error;
        using JsonDocument report = JsonDocument.Parse(CommandHarness.Run("run", "--json", guest.Path).Out);

        trace.ShouldContain("getpid() = 1000 [int $0x80]\n");
        trace.ShouldContain("getpid() = 1000\n");
        trace.ShouldContain("exit_group(3) = ? [int $0x80]\n");
        report.RootElement.GetProperty("events").EnumerateArray()
            .Where(happened => happened.GetProperty("type").GetString() == "return")
            .Select(happened => happened.TryGetProperty("int80", out JsonElement door) && door.GetBoolean())
            .ShouldBe([true, false]);
    }
}
