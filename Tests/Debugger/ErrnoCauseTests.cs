using System.Text.Json;
using Iced.Intel;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger;

/// <summary>An errno that stands for many rules says which one it was, in <c>--strace</c> and in JSON.</summary>
public sealed class ErrnoCauseTests
{
    private const ulong Page = 0x10_0000_0000;
    private const ulong ReadOnly = Page + 0x10_0000;
    private const ulong Unmapped = 0x20_0000_0000;
    private const ulong None = ulong.MaxValue;

    /// <summary>Calls in order, and what must stand behind the equals sign.</summary>
    private static readonly (ulong Number, ulong[] Arguments, string Answer)[] Calls =
    [
        (9, [0, 0, 3, 0x22, None, 0], "-1 EINVAL (the length is 0)"),
        (9, [Page + 1, 4096, 3, 0x32, None, 0], "-1 EINVAL (the start is not page-aligned)"),
        (9, [0, 4096, 3, 0x20, None, 0], "-1 EINVAL (neither MAP_SHARED nor MAP_PRIVATE)"),
        (9, [0, 4096, 3, 0x121, None, 0], "-1 EINVAL (MAP_GROWSDOWN needs private anonymous memory)"),
        (9, [0, 4096, 3, 0x22, None, 5], "-1 EINVAL (the offset is not a multiple of 4096)"),
        (9, [0x1000, 4096, 3, 0x32, None, 0], "-1 EPERM (it begins below vm.mmap_min_addr)"),
        (9, [Page, 4096, 3, 0x10_0022, None, 0], "-1 EEXIST (something is mapped there)"),
        (9, [0, 1UL << 46, 3, 0x22, None, 0], "-1 ENOMEM (it is more than RAM and swap together)"),
        (9, [0, 4096, 1, 2, 1, 0], "-1 ENODEV (the file cannot be mapped)"),
        (11, [Page + 1, 4096], "-1 EINVAL (the start is not page-aligned)"),
        (11, [Page, 0], "-1 EINVAL (the length is 0)"),
        (11, [Page, 1UL << 50], "-1 EINVAL (it reaches past user space)"),
        (10, [Unmapped, 4096, 1], "-1 ENOMEM (part of it is not mapped)"),
        (10, [Page, 4096, 0x40], "-1 EINVAL (an unknown right)"),
        (25, [Page, 4096, 0, 1], "-1 EINVAL (the length is 0)"),
        (25, [Page, 4096, 4096, 0x40], "-1 EINVAL (an unknown flag)"),
        (25, [Page, 4096, 4096, 2, Unmapped], "-1 EINVAL (flags that do not go together)"),
        (25, [Page, 4096, 4096, 3, Page], "-1 EINVAL (the old and the new range overlap)"),
        (25, [Page, 4096, 8192, 0], "-1 ENOMEM (something is mapped behind it, and it may not move)"),
        (28, [Page, 4096, 77], "-1 EINVAL (unknown advice)"),
        (28, [Unmapped, 4096, 4], "-1 ENOMEM (part of it is not mapped)"),
        (26, [Page, 4096, 5], "-1 EINVAL (flags that do not go together)"),
        (314, [Page + 1, 4096, 0, 0], "-1 EINVAL (the start is not page-aligned)"),
        (314, [Page, 4097, 0, 0], "-1 EINVAL (the length is not a multiple of 4096)"),
        (314, [Page, 4096, 7, 0], "-1 EINVAL (unknown mode)"),
        (314, [Page, 1UL << 63, 0, 0], "-1 EINVAL (the length is negative)"),
        (314, [Page, 4096, 1, 8], "-1 EFAULT (no-mapping at 0x8)"),
        (321, [Page, Page + 4096, 4096, 2], "-1 EINVAL (an unknown flag)"),
        (321, [Unmapped, Page, 4096, 0], "-1 EINVAL (part of it is not mapped)"),
        (1, [1, Unmapped, 10], $"-1 EFAULT (no-mapping at {new MmuEmu.Emulator.Values.VirtAddr(Unmapped)})"),
        (79, [ReadOnly, 4096], $"-1 EFAULT (no-right at {new MmuEmu.Emulator.Values.VirtAddr(ReadOnly)})"),
        (12, [1UL << 50], "0x"),
        (39, [], "1000"),
    ];

    [Fact]
    public void Strace_says_which_rule_it_was()
    {
        using AsmGuest guest = new(Write);
        string[] lines = CommandHarness.Run("run", "-q", "--strace", guest.Path).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string[] answers = [.. lines.Skip(2).Take(Calls.Length).Select(line => line[(line.LastIndexOf(" = ", StringComparison.Ordinal) + 3)..])];

        for (int i = 0; i < Calls.Length; i++)
        {
            answers[i].ShouldStartWith(Calls[i].Answer, customMessage: lines[i + 2]);
        }

        answers[^2].ShouldEndWith(" (it reaches past user space)");
    }

    [Fact]
    public void Json_names_the_rule()
    {
        using AsmGuest guest = new(Write);
        using JsonDocument report = JsonDocument.Parse(CommandHarness.Run("run", "--json", guest.Path).Out);
        JsonElement[] returns =
        [
            .. report.RootElement.GetProperty("events").EnumerateArray()
                .Where(happened => happened.GetProperty("type").GetString() == "return").Skip(2),
        ];

        (returns[0].GetProperty("errno").GetString(), returns[0].GetProperty("cause").GetString()).ShouldBe(("EINVAL", nameof(ErrnoCause.LengthZero)));
        int write = Array.FindIndex(Calls, call => call.Number == 1);
        returns[write].GetProperty("badAddress").GetString().ShouldBe("0x2000000000");
        returns[write].GetProperty("badKind").GetString().ShouldBe("no-mapping");
        returns[^1].TryGetProperty("cause", out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_cause_has_words_of_its_own()
    {
        string[] words = [.. Enum.GetValues<ErrnoCause>().Where(cause => cause != ErrnoCause.None).Select(ErrnoCauseText.Of)];

        words.ShouldAllBe(text => text.Length > 0 && text.Length <= 60);
        words.ShouldBeUnique();
    }

    private static void Write(Assembler c)
    {
        c.MapAt(Page, 8192);
        c.Call(9, ReadOnly, 4096, 1, 0x32, None, 0);
        foreach ((ulong number, ulong[] arguments, _) in Calls)
        {
            c.Call(number, arguments);
        }

        c.Exit(0);
    }
}
