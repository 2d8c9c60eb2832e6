namespace MmuEmu.Tests.House;

/// <summary>Each room says at its door what it is: a <c>README.md</c> beside its files.</summary>
public sealed class DoorPlateTests
{
    /// <summary>Folders below which every folder with code is a room with a plate.</summary>
    private static readonly string[] Roots = ["Emulator"];

    /// <summary>Part of the room around them, and of its plate.</summary>
    private static readonly string[] WithoutDoor = ["Emulator/Cpu/Blocks"];

    /// <summary>What a plate has to say, each at the beginning of a line.</summary>
    private static readonly string[] Lines = ["# ", "**May use:**", "**Read first:**", "**Invariant:**"];

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
        string line = File.ReadLines(Path.Combine(SourceTree.Root, room, "README.md")).First(text => text.StartsWith("**Read first:**", StringComparison.Ordinal));

        File.Exists(Path.Combine(SourceTree.Root, room, line.Split('`')[1] + ".cs")).ShouldBeTrue(line);
    }

    /// <summary>A floor that a plate names above its own would be a promise that <see cref="FloorTests"/> breaks.</summary>
    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_plate_lets_in_only_what_the_floors_let_in(string room)
    {
        string own = room.Replace('/', '.');
        string line = File.ReadLines(Path.Combine(SourceTree.Root, room, "README.md")).First(text => text.StartsWith("**May use:**", StringComparison.Ordinal));
        IEnumerable<string> named = line.Split('`').Where((_, i) => i % 2 == 1);

        named.Where(name => !FloorTests.Floors.Any(floor => Names(floor, name) && FloorTests.MayUse(own, floor))).ShouldBeEmpty();
    }

    /// <summary>True when <paramref name="name"/>, such as <c>Ops</c> or <c>Abi</c>, is the last part of <paramref name="floor"/>.</summary>
    private static bool Names(string floor, string name) => floor.EndsWith("." + name, StringComparison.Ordinal);

    private static IEnumerable<string> RoomsWithCode() =>
        SourceTree.CSharp(Roots)
            .Select(file => SourceTree.Relative(Path.GetDirectoryName(file)!))
            .Where(room => room.Contains('/', StringComparison.Ordinal) && !WithoutDoor.Contains(room))
            .Distinct()
            .Order(StringComparer.Ordinal);
}
