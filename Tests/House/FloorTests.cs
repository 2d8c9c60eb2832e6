using System.Text.RegularExpressions;

namespace MmuEmu.Tests.House;

/// <summary>Keeps the floors of ARCHITECTURE.md: a file uses its own floor and those below it.</summary>
public sealed class FloorTests
{
    /// <summary>Lowest first.</summary>
    internal static readonly string[] Floors =
    [
        "Emulator.Values", "Emulator.Memory", "Emulator.Paging", "Emulator.Tlb", "Emulator.Tracing", "Emulator.Translation", "Emulator.Timing",
        "Emulator.Models", "Emulator.Cpu", "Emulator.Cpu.Blocks", "Emulator.Decode",
        "Emulator.Interpreter.SoftFloat", "Emulator.Interpreter.Ops", "Emulator.Interpreter.Integer", "Emulator.Interpreter.Privileged",
        "Emulator.Interpreter.Simd", "Emulator.Interpreter.Vex", "Emulator.Interpreter.Fpu", "Emulator.Interpreter.Dispatch",
        "Emulator.Machine",
        "Kernel.Abi", "Kernel.State", "Kernel.Story", "Kernel.Frames", "Kernel.Swap", "Kernel.Tables", "Kernel.Windows", "Kernel.Vmas", "Kernel.Rmap", "Kernel.Memory",
        "Kernel.Huge", "Kernel.Files", "Kernel.Signals", "Kernel.Waiting", "Kernel.Locks", "Kernel.Volatile", "Kernel.Reclaim", "Kernel.Mm", "Kernel.Faults",
        "Kernel.UserCopy", "Kernel.PageCopy",
        "Kernel.Tasks", "Kernel.Delivery", "Kernel.Exec", "Kernel.Life", "Kernel.Proc",
        "Kernel.Syscalls", "Kernel.Run", "Kernel.Setup", "Kernel.Views",
    ];

    /// <summary>Two namespaces that are one floor.</summary>
    private static readonly (string Lower, string Upper)[] SameFloor = [("Emulator.Cpu", "Emulator.Cpu.Blocks")];

    private static readonly string[] HiddenFromKernel = ["Emulator.Decode", "Emulator.Interpreter"];

    private static readonly Regex NamespaceLine = new(@"^namespace MmuEmu\.([\w.]+);", RegexOptions.Multiline);
    private static readonly Regex UsingLine = new(@"^using (?:static )?MmuEmu\.((?:Emulator|Kernel)\.[\w.]+?);", RegexOptions.Multiline);
    private static readonly Regex QualifiedName = new(@"^(?!using |global using |namespace |\s*///).*\bMmuEmu\.(Emulator|Kernel)\.\w+", RegexOptions.Multiline);

    [Fact]
    public void No_file_uses_a_floor_above_its_own()
    {
        IEnumerable<string> offences =
            from file in SourceTree.CSharp("Emulator", "Kernel")
            let text = File.ReadAllText(file)
            let own = NamespaceLine.Match(text).Groups[1].Value
            from Match use in UsingLine.Matches(text)
            let used = use.Groups[1].Value
            where !MayUse(own, used)
            select $"{SourceTree.Relative(file)}: {own} uses {used}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void Every_file_lies_on_a_listed_floor()
    {
        IEnumerable<string> offences =
            from file in SourceTree.CSharp("Emulator", "Kernel")
            let own = NamespaceLine.Match(File.ReadAllText(file)).Groups[1].Value
            where !Floors.Contains(own) || !SourceTree.Relative(file).StartsWith(own.Replace('.', '/') + "/", StringComparison.Ordinal)
            select $"{SourceTree.Relative(file)}: namespace {own}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void No_name_climbs_a_floor_by_being_written_out_in_full()
    {
        IEnumerable<string> offences =
            from file in SourceTree.CSharp("Emulator", "Kernel")
            from Match name in QualifiedName.Matches(File.ReadAllText(file))
            select $"{SourceTree.Relative(file)}: {name.Value.Trim()}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void The_kernel_never_sees_the_inside_of_an_engine()
    {
        IEnumerable<string> offences =
            from file in SourceTree.CSharp("Kernel")
            from Match use in UsingLine.Matches(File.ReadAllText(file))
            where HiddenFromKernel.Any(room => IsIn(use.Groups[1].Value, room))
            select $"{SourceTree.Relative(file)}: uses {use.Groups[1].Value}";

        offences.ShouldBeEmpty();
    }

    /// <summary>True for <paramref name="room"/> and the rooms inside it.</summary>
    private static bool IsIn(string name, string room) => name == room || name.StartsWith(room + ".", StringComparison.Ordinal);

    /// <summary>True when a file of namespace <paramref name="own"/> may name types of namespace <paramref name="used"/>; both without the project family's name.</summary>
    internal static bool MayUse(string own, string used)
    {
        int ownFloor = Array.IndexOf(Floors, own);
        int usedFloor = Array.IndexOf(Floors, used);
        return usedFloor >= 0 && (usedFloor <= ownFloor || SameFloor.Contains((own, used)));
    }
}
