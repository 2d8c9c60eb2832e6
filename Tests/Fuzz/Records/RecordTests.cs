using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>The emulated processors of both makers against what real ones left behind: every byte, on every host.</summary>
public sealed class RecordTests
{
    private const int MostShown = 5;

    public static MatrixTheoryData<string, CpuVendor> All => new(RecordData.Names, [CpuVendor.Amd, CpuVendor.Intel]);

    public static TheoryData<string> Programs => [.. RecordData.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_byte_of_a_record_is_as_the_processor_left_it(string name, CpuVendor vendor)
    {
        IReadOnlyList<RecordedDifference> found = RecordData.Differences(name, vendor);

        found.Where(one => RecordReasons.Of(one) is null).Take(MostShown).Select(one => $"{one.Program} {one.Number} {one.Form}: {string.Join("; ", one.Fields)}")
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_host_of_a_recorded_generation_leaves_its_record_again(string name)
    {
        // A host of another generation proves nothing here; CpuFuzzTests compare it live.
        if (!HostProcessor.IsRecorded)
        {
            return;
        }

        RecordedProgram program = RecordData.Program(name);
        using FuzzSides sides = new();
        byte[] native = FuzzSides.RunNatively(sides.Save(program.File), program.OutputBytes);
        byte[] recorded = RecordData.Recorded(name, HostProcessor.Vendor!.Value);
        AgreeAboutProtectionKeys(program, recorded, native);

        RecordCheck.Compare(name, program, recorded, native).ShouldBeEmpty();
    }

    [Fact]
    public void The_records_of_the_two_makers_differ_and_cover_every_code_of_the_fuzzer()
    {
        HashSet<Iced.Intel.Code> codes = [];
        int apart = 0;
        foreach (string name in RecordData.Names)
        {
            RecordedProgram program = RecordData.Program(name);
            codes.UnionWith(Enumerable.Range(0, program.CaseCount).Select(i => program.Case(i).Slot.Code));
            apart += RecordCheck.Compare(name, program, RecordData.Recorded(name, CpuVendor.Amd), RecordData.Recorded(name, CpuVendor.Intel)).Count();
        }

        apart.ShouldBeGreaterThan(1000);
        FuzzCodes.Eligible.Where(IsOfBoth).Except(codes).Count().ShouldBeLessThan(FuzzCodes.Eligible.Count / 50);
    }

    /// <summary>Whether protection keys are on is the choice of a host's kernel: a signal frame has their bit in XSTATE_BV, or has not, in every case alike.</summary>
    private static void AgreeAboutProtectionKeys(RecordedProgram program, byte[] recorded, byte[] native)
    {
        for (int at = RecordComparer.StateBits; at < program.ResultBytes * program.CaseCount; at += program.ResultBytes)
        {
            Span<byte> states = native.AsSpan(at, sizeof(ulong));
            ulong own = BinaryPrimitives.ReadUInt64LittleEndian(states) & ~XsaveComponents.Pkru;
            ulong keys = BinaryPrimitives.ReadUInt64LittleEndian(recorded.AsSpan(at)) & XsaveComponents.Pkru;
            BinaryPrimitives.WriteUInt64LittleEndian(states, own | keys);
        }
    }

    private static bool IsOfBoth(Code code) => code.ToOpCode() is { AmdDecoder64: true, IntelDecoder64: true };
}
