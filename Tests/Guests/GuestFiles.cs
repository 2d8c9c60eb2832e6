using MmuEmu.Emulator.Models;
using MmuEmu.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Guests;

/// <summary>The folder <c>Guests/</c> of the working copy that this test assembly was built from.</summary>
internal static class GuestFiles
{
    /// <summary><c>Guests/</c>.</summary>
    public static string Folder => Path.Combine(SourceTree.Root, "Guests");

    /// <summary>The built file of a program.</summary>
    public static string BuiltFileOf(GuestProgram program) => Path.Combine(Folder, "built", program.Name);

    /// <summary>What the program must print, byte for byte, on a processor of <paramref name="vendor"/>: few print another text on Intel's.</summary>
    public static string ExpectedOutputOf(GuestProgram program, CpuVendor vendor = CpuVendor.Amd)
    {
        string common = Path.Combine(Folder, "expected", program.Name + ".txt");
        string intel = Path.Combine(Folder, "expected", program.Name + ".intel.txt");
        return File.ReadAllText(vendor == CpuVendor.Intel && File.Exists(intel) ? intel : common);
    }

    /// <summary>The programs as the rows of a theory, by name.</summary>
    public static TheoryData<string> Names(Func<GuestProgram, bool> wanted) =>
        [.. GuestCatalogue.Programs.Where(wanted).Select(program => program.Name)];

    /// <summary>The program of that name, which ships.</summary>
    public static GuestProgram Find(string name)
    {
        GuestCatalogue.TryFind(name, out GuestProgram? program).ShouldBeTrue(name);
        return program!;
    }
}
