namespace MmuEmu.Tests.House;

/// <summary>Which files that ship may need which: small cycles only, and no arrow upward, however a name is written.</summary>
[Collection(ProductionGraph.Collection)]
public sealed class FileGraphOfProductionTests(ProductionGraph production)
{
    /// <summary>A reader who opens one file of a cycle has to hold all of it in mind.</summary>
    /// <remarks>
    /// The largest are the vCPU with its ports and blocks (an op's handler takes the vCPU that owns the op), and the address space with its mappings.
    /// </remarks>
    private const int MostFilesInCycle = 8;

    /// <summary>The floors of the command, lowest first. Files beside the folders are the lowest, but for <c>Program.cs</c>, which is the highest.</summary>
    internal static readonly string[] DebuggerFloors =
    [
        "", "Screens", "Options", "Matrix", "Images", "Source", "Sessions", "Recordings", "Rendering", "Travel", "Monitor", "Gdb", "View", "Differences",
        "Exports", "Lab", "Shells", "Commands", "Program.cs",
    ];

    [Fact]
    public void No_cycle_of_files_is_large()
    {
        Components.Of(production.Graph)
            .Where(component => component.Count > MostFilesInCycle)
            .Select(component => $"{component.Count} files: {string.Join(' ', component)}")
            .ShouldBeEmpty();
    }

    /// <summary>What <see cref="FloorTests"/> reads from lines, here as the compiler binds the names: a sibling's name needs no line.</summary>
    [Fact]
    public void No_file_of_the_libraries_uses_a_floor_or_a_room_above_its_own()
    {
        IEnumerable<string> offences =
            from file in production.Graph.Files
            where FloorTests.Floors.Contains(RoomOf(file))
            from used in production.Graph.UsesOf(file)
            where !FloorTests.MayUse(RoomOf(file), RoomOf(used))
            select $"{file} uses {used}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void No_file_of_the_command_uses_a_floor_above_its_own()
    {
        IEnumerable<string> offences =
            from file in production.Graph.Files
            where file.StartsWith("Debugger/", StringComparison.Ordinal)
            from used in production.Graph.UsesOf(file)
            where used.StartsWith("Debugger/", StringComparison.Ordinal) && FloorOf(used) > FloorOf(file)
            select $"{file} uses {used}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void Every_folder_of_the_command_is_a_floor()
    {
        production.Graph.Files.Where(file => file.StartsWith("Debugger/", StringComparison.Ordinal) && FloorOf(file) < 0).ShouldBeEmpty();
    }

    [Fact]
    public void The_graph_sees_what_the_files_name()
    {
        production.Graph.UsesOf("Emulator/Cpu/Vcpu.cs").ShouldContain("Emulator/Translation/Mmu.cs");
        production.Graph.UsesOf("Kernel/Vmas/AddressSpace.cs").ShouldContain("Emulator/Values/VirtAddr.cs");
        production.Graph.UsesOf("Debugger/Program.cs").ShouldContain("Debugger/Commands/CommandTree.cs");
    }

    /// <summary>The folder as a namespace; <see cref="FloorTests"/> keeps both alike.</summary>
    private static string RoomOf(string file) => file[..file.LastIndexOf('/')].Replace('/', '.');

    private static int FloorOf(string file) => file.Split('/') switch
    {
        [_, "Program.cs"] => DebuggerFloors.Length - 1,
        [_, _] => 0,
        [_, var folder, ..] => Array.IndexOf(DebuggerFloors, folder),
        _ => -1,
    };
}
