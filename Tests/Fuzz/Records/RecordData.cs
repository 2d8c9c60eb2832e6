using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>The records that the tests hold: programs, and what a Zen 4 of AMD and a Raptor Cove of Intel left behind.</summary>
internal static class RecordData
{
    private static string Folder => Path.Combine(SourceTree.Root, "Tests", "Data", "records");

    /// <summary>The programs' names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.elf.br").Select(path => Path.GetFileName(path)[..^".elf.br".Length]).Order(StringComparer.Ordinal)];

    /// <summary>The program of that name.</summary>
    public static RecordedProgram Program(string name) => new(RecordFile.Read(Path.Combine(Folder, name + ".elf.br")));

    /// <summary>What the processor of <paramref name="vendor"/> left behind.</summary>
    public static byte[] Recorded(string name, CpuVendor vendor)
    {
        byte[] amd = RecordFile.Read(Path.Combine(Folder, name + ".amd.br"));
        return vendor == CpuVendor.Amd ? amd : RecordFile.Apart(amd, RecordFile.Read(Path.Combine(Folder, name + ".intel.br")));
    }

    /// <summary>The model of the processor that was recorded.</summary>
    public static CpuModel ModelOf(CpuVendor vendor) =>
        vendor == CpuVendor.Amd ? HostProcessor.Zen4(CpuModels.Max) : CpuModels.Max.MadeBy(CpuVendor.Intel);

    /// <summary>What differs from the record of <paramref name="vendor"/> when the emulated processor runs the program.</summary>
    public static IReadOnlyList<RecordedDifference> Differences(string name, CpuVendor vendor)
    {
        RecordedProgram program = Program(name);
        using FuzzSides sides = new();
        byte[] output = FuzzSides.RunHere(sides.Save(program.File), program.OutputBytes, ModelOf(vendor), out RunResult result);
        result.Reason.ShouldBe(EndReason.Exited, result.Message);
        return [.. RecordCheck.Compare(name, program, Recorded(name, vendor), output)];
    }
}
