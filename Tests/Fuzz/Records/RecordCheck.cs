namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>Runs recorded programs on an emulated processor and compares each case with its record.</summary>
public static class RecordCheck
{
    /// <summary>The cases of <paramref name="program"/> whose record differs from what <paramref name="output"/> holds.</summary>
    /// <param name="name">What the program is called.</param>
    /// <param name="program">The program.</param>
    /// <param name="recorded">What the processor wrote; the memory behind the results may be missing.</param>
    /// <param name="output">What was written here.</param>
    public static IEnumerable<RecordedDifference> Compare(string name, RecordedProgram program, byte[] recorded, byte[] output)
    {
        int needed = program.ResultBytes * program.CaseCount;
        if (recorded.Length < needed || output.Length < needed)
        {
            throw new InvalidDataException($"{name}: {needed} bytes of results expected, {recorded.Length} recorded, {output.Length} written here");
        }

        for (int i = 0; i < program.CaseCount; i++)
        {
            Range result = (i * program.ResultBytes)..((i + 1) * program.ResultBytes);
            if (RecordComparer.Differences(recorded.AsSpan(result), output.AsSpan(result)) is { Count: > 0 } fields)
            {
                yield return new RecordedDifference(name, i, program.Case(i), program.Windows, fields);
            }
        }
    }
}
