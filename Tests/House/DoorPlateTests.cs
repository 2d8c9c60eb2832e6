namespace MmuEmu.Tests.House;

/// <summary>Each room says at its door what it is: a <c>README.md</c> beside its files.</summary>
[Collection(ProductionGraph.Collection)]
public sealed class DoorPlateTests(ProductionGraph production)
{
    /// <summary>Folders below which every folder with code is a room with a plate.</summary>
    internal static readonly string[] Roots = ["Emulator", "Kernel", "Debugger"];

    /// <summary>Part of the room around them, and of its plate.</summary>
    private static readonly string[] WithoutDoor = ["Emulator/Cpu/Blocks"];

    /// <summary>What a plate has to say, each at the beginning of a line.</summary>
    private static readonly string[] Lines = ["# ", "**May use:**", "**Read first:**", "**Invariant:**"];

    /// <summary>What stands for many rooms at once, in plates of rooms that use nearly all.</summary>
    private static readonly string[] ManyAtOnce = ["every floor below", "` to `"];

    public static TheoryData<string> Rooms => [.. RoomsWithCode()];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_with_code_has_its_plate(string room)
    {
        string plate = Path.Combine(SourceTree.Root, room, "README.md");

        File.Exists(plate).ShouldBeTrue($"{room} has no README.md");
        string[] said = File.ReadAllLines(plate);
        Lines.Where(line => !said.Any(text => text.StartsWith(line, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void The_type_to_read_first_is_one_of_the_room(string room)
    {
        string line = LineOf(room, "**Read first:**");

        File.Exists(Path.Combine(SourceTree.Root, room, line.Split('`')[1] + ".cs")).ShouldBeTrue(line);
    }

    /// <summary>A floor that a plate names above its own would be a promise that <see cref="FloorTests"/> breaks.</summary>
    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_plate_lets_in_only_what_the_floors_let_in(string room)
    {
        string own = room.Replace('/', '.');

        NamedBy(room).Where(name => !Floors.Any(floor => Names(floor, name) && MayUse(own, floor))).ShouldBeEmpty();
    }

    /// <summary>What a plate keeps quiet about, a reader finds out in the middle of a file.</summary>
    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_plate_names_every_room_that_its_files_use(string room)
    {
        string line = LineOf(room, "**May use:**");
        if (ManyAtOnce.Any(words => line.Contains(words, StringComparison.Ordinal)))
        {
            return;
        }

        IEnumerable<string> named = NamedBy(room);
        UsesOf(room).Where(used => !named.Any(name => Names(used, name))).ShouldBeEmpty();
    }

    /// <summary>All rooms of the house, lowest first: the libraries', then the command's.</summary>
    private static IEnumerable<string> Floors => FloorTests.Floors.Concat(FileGraphOfProductionTests.DebuggerFloors.Select(name => "Debugger." + name));

    /// <summary>The command may use all of the libraries, and of itself what lies below.</summary>
    private static bool MayUse(string own, string used)
    {
        if (!own.StartsWith("Debugger.", StringComparison.Ordinal))
        {
            return FloorTests.MayUse(own, used);
        }

        string[] floors = [.. Floors];
        return Array.IndexOf(floors, used) < Array.IndexOf(floors, own);
    }

    /// <summary>The rooms whose types the room's own files name.</summary>
    private IEnumerable<string> UsesOf(string room)
    {
        string own = room.Replace('/', '.');
        return production.Graph.Files.Where(file => RoomOf(file) == own)
            .SelectMany(production.Graph.UsesOf)
            .Select(RoomOf)
            .Where(used => used != own && !IsPartOf(used, own) && Floors.Contains(used))
            .Distinct();
    }

    private static bool IsPartOf(string used, string own) => WithoutDoor.Contains(used.Replace('.', '/')) && used.StartsWith(own + ".", StringComparison.Ordinal);

    private static string RoomOf(string file) => file[..file.LastIndexOf('/')].Replace('/', '.');

    private static string LineOf(string room, string beginning) =>
        File.ReadLines(Path.Combine(SourceTree.Root, room, "README.md")).First(text => text.StartsWith(beginning, StringComparison.Ordinal));

    private static string[] NamedBy(string room) => [.. LineOf(room, "**May use:**").Split('`').Where((_, i) => i % 2 == 1)];

    /// <summary>True when <paramref name="name"/>, such as <c>Ops</c> or <c>Abi</c>, is the last part of <paramref name="floor"/>.</summary>
    private static bool Names(string floor, string name) => floor.EndsWith("." + name, StringComparison.Ordinal);

    private static IEnumerable<string> RoomsWithCode() =>
        SourceTree.CSharp(Roots)
            .Select(file => SourceTree.Relative(Path.GetDirectoryName(file)!))
            .Where(room => room.Contains('/', StringComparison.Ordinal) && !WithoutDoor.Contains(room))
            .Distinct()
            .Order(StringComparer.Ordinal);
}
