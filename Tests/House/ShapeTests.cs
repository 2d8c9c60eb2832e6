using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MmuEmu.Emulator.Machine;

namespace MmuEmu.Tests.House;

/// <summary>Countable house rules.</summary>
public sealed class ShapeTests
{
    private const int MostLines = 300;

    /// <summary>Where pointers are allowed, and why, is written in ARCHITECTURE.md.</summary>
    private static readonly string[] UnsafeRooms = ["Emulator/Memory/", "Emulator/Cpu/", "Emulator/Interpreter/"];

    private static readonly Regex PartialType = new(@"\bpartial\s+(class|struct|record|interface)\b");
    private static readonly Regex OtherThanEnum = new(@"^\s*[a-z][a-z ]*\b(class|struct|record|interface)\s+\w+", RegexOptions.Multiline);
    private static readonly Regex UnsafeWord = new(@"^(?!\s*//).*\bunsafe\b", RegexOptions.Multiline);

    [Fact]
    public void No_type_is_partial()
    {
        Offences(PartialType, "Emulator", "Kernel", "Guests", "Debugger").ShouldBeEmpty();
    }

    [Fact]
    public void Pointers_stay_in_the_rooms_made_for_them()
    {
        Offences(UnsafeWord, "Emulator", "Kernel", "Guests", "Debugger")
            .Where(offence => !UnsafeRooms.Any(room => offence.StartsWith(room, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_static_field_can_change()
    {
        Assembly[] assemblies =
            [typeof(Core).Assembly, typeof(MmuEmu.Kernel.Abi.Errno).Assembly, typeof(global::MmuEmu.Debugger.Program).Assembly];
        IEnumerable<string> offences =
            from assembly in assemblies
            from type in assembly.GetTypes()
            where type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !type.Name.Contains('<')
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<')
            select $"{type.FullName}.{field.Name}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void No_file_is_longer_than_a_reader_bears()
    {
        IEnumerable<string> offences =
            from file in SourceTree.CSharp("Emulator", "Kernel", "Guests", "Debugger")
            let lines = File.ReadLines(file).Count()
            where lines > MostLines && !IsTable(file)
            select $"{SourceTree.Relative(file)}: {lines} lines";

        offences.ShouldBeEmpty();
    }

    /// <summary>A data table says so in its name, or is nothing but a list of numbers with names.</summary>
    private static bool IsTable(string file) =>
        Path.GetFileNameWithoutExtension(file).EndsWith("Table", StringComparison.Ordinal)
        || !OtherThanEnum.IsMatch(File.ReadAllText(file));

    private static IEnumerable<string> Offences(Regex pattern, params string[] folders) =>
        from file in SourceTree.CSharp(folders)
        from Match match in pattern.Matches(File.ReadAllText(file))
        select $"{SourceTree.Relative(file)}: {match.Value.Trim()}";
}
