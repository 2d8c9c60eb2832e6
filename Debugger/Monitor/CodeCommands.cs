using System.Globalization;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Registers, memory, instructions, source, threads.</summary>
internal static class CodeCommands
{
    private const ulong MostBytes = 4096;
    private const int MostInstructions = 500;
    private const int BytesPerLine = 16;

    private static readonly string[] Registers =
    [
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
    ];

    private static readonly (int Bit, string Name)[] Flags = [(0, "CF"), (2, "PF"), (4, "AF"), (6, "ZF"), (7, "SF"), (8, "TF"), (10, "DF"), (11, "OF")];

    /// <summary><c>regs</c>.</summary>
    public static IEnumerable<string> Regs(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        List<string> lines = context.Journey.Look(RegisterLines);
        VirtAddr rip = context.Journey.Look(kernel => new VirtAddr(kernel.Core.Vcpu.Rip));
        lines.Insert(8, $"rip {rip.Raw:x16}  {context.Source.PlaceHere().Name}".TrimEnd());
        return lines;
    }

    /// <summary><c>x</c>.</summary>
    public static IEnumerable<string> Memory(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        bool physical = words[0].StartsWith("phys:", StringComparison.Ordinal);
        VirtAddr start = new AddressReader(context).Read(physical ? words[0]["phys:".Length..] : words[0]);
        byte[] bytes = new byte[(int)words.LengthAt(1, 64, MostBytes)];
        if (physical)
        {
            int read = context.View(view => view.ReadPhysical(new PhysAddr(start.Raw), bytes));
            return Dump(start, bytes.AsSpan(0, read).ToArray(), read < bytes.Length ? "RAM ends there" : "");
        }

        int space = context.Space();
        (int count, PageState last) = context.View(view => (view.ReadMemory(space, start, bytes, out PageState state), state));
        return Dump(start, bytes.AsSpan(0, count).ToArray(), count < bytes.Length ? PageWords.Of(last) : "");
    }

    /// <summary><c>dis</c>.</summary>
    public static IEnumerable<string> Disassemble(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        bool isCount = words.Count == 1 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= MostInstructions;
        VirtAddr start = new AddressReader(context).Read(words.Count == 0 || isCount ? "$rip" : words[0]);
        int most = words.CountAt(isCount ? 0 : 1, 8, MostInstructions);
        int space = context.Space();
        byte[] bytes = new byte[most * 15];
        int count = context.View(view => view.ReadBehind(space, start, bytes, out _));
        return count == 0 ? [$"{start}: no code can be read there"] : CodeText.Lines(bytes[..count], start, most, context.Source.PlaceAt);
    }

    /// <summary><c>src</c>.</summary>
    public static IEnumerable<string> Source(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        SourcePlace place = words.Count == 0 ? context.Source.PlaceHere() : context.Source.PlaceAt(new AddressReader(context).Read(words[0]));
        string head = place.ToString();
        if (!place.HasLine)
        {
            return [head, $"  {WhyNoLine(place.Object)}; dis shows the instructions"];
        }

        string[] lines = [.. place.Lines(5)];
        return [head, .. place.InlinedAt.Select(call => $"  inlined at {call}"), .. lines.Length > 0 ? lines : ["  the file with the source is not there"]];
    }

    private static string WhyNoLine(LoadedObject? file) =>
        file is { Map.Stale.Length: > 0 } ? $"no line is known there: {OwnText.Printable(file.Map.Stale)}; build both again, or take both from one release"
        : file is { Map.Missing.Length: > 0 } ? $"{file.Name} has no debug information: compile with gcc -g"
        : "no line is known there: compile with gcc -g";

    /// <summary><c>tasks</c>.</summary>
    public static IEnumerable<string> Tasks(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        return TaskLines.Of(context);
    }

    private static List<string> RegisterLines(MiniKernel kernel)
    {
        Vcpu cpu = kernel.Core.Vcpu;
        List<string> lines = [];
        for (int i = 0; i < 8; i++)
        {
            lines.Add($"{Registers[i],-3} {cpu[i]:x16}  {Registers[i + 8],-3} {cpu[i + 8]:x16}");
        }

        string flags = string.Join(' ', Flags.Where(flag => (cpu.Flags >> flag.Bit & 1) != 0).Select(flag => flag.Name));
        lines.Add($"rflags {cpu.Flags:x8}  {flags}".TrimEnd());
        lines.Add($"fs_base {cpu.FsBase:x16}  gs_base {cpu.GsBase:x16}");
        lines.Add($"cr2 {cpu.Control.Cr2:x16}  cr3 {kernel.Core.Mmu.Mode.Root.Base.Raw:x16}  pcid {kernel.Core.Mmu.Mode.Pcid}");
        return lines;
    }

    private static List<string> Dump(VirtAddr start, byte[] bytes, string end)
    {
        List<string> lines = [];
        for (int at = 0; at < bytes.Length; at += BytesPerLine)
        {
            byte[] row = bytes[at..Math.Min(bytes.Length, at + BytesPerLine)];
            string hex = string.Join(' ', row.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
            string text = string.Concat(row.Select(value => value is >= 0x20 and < 0x7F ? (char)value : '.'));
            lines.Add($"{start + (ulong)at}  {hex,-47}  {text}");
        }

        if (end.Length > 0)
        {
            lines.Add($"{start + (ulong)bytes.Length}  not to be read: {end}");
        }

        return lines;
    }
}
