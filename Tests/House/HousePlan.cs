using System.Text.RegularExpressions;

namespace MmuEmu.Tests.House;

/// <summary>A room of the house: one namespace.</summary>
/// <param name="Name">Project and room, as <c>Kernel.Tables</c>.</param>
/// <param name="Lines">Lines of its files.</param>
/// <param name="Uses">The rooms that its files name in a <c>using</c> line or see from inside, and in how many files.</param>
internal sealed record Room(string Name, int Lines, IReadOnlyDictionary<string, int> Uses)
{
    /// <summary>The project.</summary>
    public string Project => Name.Split('.')[0];
}

/// <summary>All rooms of the product, lowest floor first, read from the source files.</summary>
/// <remarks>Every <c>using</c> line is a use: the compiler refuses those that are needless.</remarks>
internal static class HousePlan
{
    private static readonly string[] Projects = ["Emulator", "Kernel", "Debugger"];
    private const string Door = "Debugger.Program";
    private static readonly Regex NamespaceLine = new(@"^namespace MmuEmu\.([\w.]+);", RegexOptions.Multiline);
    private static readonly Regex UsingLine = new(@"^using (?:static )?MmuEmu\.((?:Emulator|Kernel|Debugger)(?:\.[\w.]+?)?);", RegexOptions.Multiline);

    /// <summary>The rooms in the order of their floors.</summary>
    public static IReadOnlyList<Room> Rooms()
    {
        Dictionary<string, Room> rooms = (
            from file in SourceTree.CSharp(Projects)
            let text = File.ReadAllText(file)
            let name = IsDoor(file) ? Door : RoomOf(NamespaceLine.Match(text).Groups[1].Value)
            where name.Length > 0
            group text by name into texts
            select new Room(texts.Key, texts.Sum(text => text.Count(c => c == '\n')), UsesOf(texts.Key, texts)))
            .ToDictionary(room => room.Name);
        return [.. Projects.SelectMany(project => Order([.. rooms.Values.Where(room => room.Project == project)]))];
    }

    /// <summary>Uses that go from a lower floor to a higher one.</summary>
    public static IEnumerable<(Room From, Room To)> Upward(IReadOnlyList<Room> rooms) =>
        from lower in Enumerable.Range(0, rooms.Count)
        from upper in Enumerable.Range(lower + 1, rooms.Count - lower - 1)
        where rooms[lower].Uses.ContainsKey(rooms[upper].Name)
        select (rooms[lower], rooms[upper]);

    /// <summary>The command begins in a file that lies beside its lowest room and uses the highest.</summary>
    private static bool IsDoor(string file) => SourceTree.Relative(file) == "Debugger/Program.cs";

    /// <summary>Blocks and the processor that owns them are one room on one floor.</summary>
    private static string RoomOf(string name) => name == "Emulator.Cpu.Blocks" ? "Emulator.Cpu" : name;

    private static Dictionary<string, int> UsesOf(string own, IEnumerable<string> texts)
    {
        Dictionary<string, int> uses = [];
        foreach (string text in texts)
        {
            IEnumerable<string> named = UsingLine.Matches(text).Select(match => RoomOf(match.Groups[1].Value));
            foreach (string used in named.Append(Above(own)).Where(used => used != own && used.Length > 0).Distinct())
            {
                uses[used] = uses.GetValueOrDefault(used) + 1;
            }
        }

        return uses;
    }

    /// <summary>The namespace around, whose types need no line.</summary>
    private static string Above(string name) => name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : "";

    /// <summary>As the floors are listed, so that an offence is an arrow upward; without a list as the uses have it.</summary>
    private static IEnumerable<Room> Order(List<Room> rooms) =>
        rooms.All(room => FloorTests.Floors.Contains(room.Name))
            ? rooms.OrderBy(room => Array.IndexOf(FloorTests.Floors, room.Name))
            : ByUse(rooms);

    /// <summary>Those that use none of the others first; where they go round in a ring, by name.</summary>
    private static List<Room> ByUse(List<Room> left)
    {
        List<Room> ordered = [];
        while (left.Count > 0)
        {
            Room next = left.OrderBy(room => room.Name, StringComparer.Ordinal)
                .FirstOrDefault(room => !left.Any(other => other != room && room.Uses.ContainsKey(other.Name)))
                ?? left.OrderBy(room => room.Name, StringComparer.Ordinal).First();
            ordered.Add(next);
            left.Remove(next);
        }

        return ordered;
    }
}
