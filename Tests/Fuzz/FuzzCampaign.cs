using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Tests.Fuzz;

/// <summary>A case whose results differ.</summary>
/// <param name="Batch">Its batch.</param>
/// <param name="Index">Its place there.</param>
/// <param name="Case">The case.</param>
/// <param name="Windows">The memory that its result shows.</param>
/// <param name="Fields">What differs.</param>
public sealed record FoundDifference(int Batch, int Index, FuzzCase Case, IReadOnlyList<FuzzWindow> Windows, IReadOnlyList<FieldDifference> Fields);

/// <summary>How often a code was run.</summary>
public sealed class CodeCount
{
    /// <summary>Cases.</summary>
    public long Cases { get; set; }

    /// <summary>Those that ended in a signal on the host.</summary>
    public long Signals { get; set; }
}

/// <summary>Runs batches on both sides and compares.</summary>
public sealed class FuzzCampaign(ulong seed, IReadOnlyList<Code> codes, FuzzForm form = FuzzForm.Whole) : IDisposable
{
    private const int CasesToLocate = 512;
    private readonly BatchMaker _maker = new(seed, codes, form);
    private readonly FuzzSides _sides = new();

    /// <summary>Cases by code.</summary>
    public Dictionary<Code, CodeCount> Counts { get; } = codes.ToDictionary(code => code, _ => new CodeCount());

    /// <summary>What differed.</summary>
    public List<FoundDifference> Found { get; } = [];

    /// <summary>What went wrong with whole batches: a side that died, memory changed outside the windows.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Cases compared.</summary>
    public long Cases { get; private set; }

    /// <summary>Runs our side of a batch; the emulated machine of this process unless a test says otherwise.</summary>
    public Func<string, int, byte[]> RunOurs { get; init; } = RunInProcess;

    /// <summary>Makes, runs and compares batch <paramref name="number"/>.</summary>
    public void Run(int number)
    {
        FuzzBatch batch = _maker.Make(number);
        try
        {
            (byte[] host, byte[] ours) = RunBoth(batch);
            Compare(number, batch, host, ours);
        }
        catch (InvalidOperationException dead)
        {
            Failures.Add($"batch {number}: {dead.Message}");
        }
    }

    /// <summary>The cases of a batch again, without running them.</summary>
    public FuzzBatch Make(int number) => _maker.Make(number);

    /// <summary>The plainest case that still differs as <paramref name="found"/> does, as text; says so when it differs only in its batch.</summary>
    public string Explain(FoundDifference found)
    {
        CaseShrinker shrinker = new(found.Windows, RunBoth);
        (FuzzCase made, IReadOnlyList<FieldDifference> fields) = shrinker.Shrink(found.Case);
        return fields.Count == 0
            ? $"{CaseText.Of(found)}\n    (differs in its batch only)"
            : $"batch {found.Batch} case {found.Index}: {CaseText.Of(made)}\n    {string.Join("\n    ", fields)}";
    }

    /// <summary>What both sides write for a batch.</summary>
    public (byte[] Host, byte[] Ours) RunBoth(FuzzBatch batch)
    {
        string path = _sides.Save(batch.Program);
        Task<byte[]> native = Task.Run(() => FuzzSides.RunNatively(path, batch.OutputBytes));
        byte[] ours = RunOurs(path, batch.OutputBytes);
        return (native.GetAwaiter().GetResult(), ours);
    }

    public void Dispose() => _sides.Dispose();

    private static byte[] RunInProcess(string path, int outputBytes)
    {
        byte[] output = FuzzSides.RunHere(path, outputBytes, HostProcessor.Like(CpuModels.Max), out RunResult result);
        return result.Reason == EndReason.Exited
            ? output
            : throw new InvalidOperationException($"the fuzz program ends with {result.Reason} after {result.Time} instructions and {output.Length} of {outputBytes} bytes, {result.Signal} {result.Unsupported}");
    }

    private void Compare(int number, FuzzBatch batch, byte[] host, byte[] ours)
    {
        int complete = Math.Min(host.Length, ours.Length) / batch.ResultBytes;
        int count = Math.Min(complete, batch.Cases.Count);
        if (host.Length < batch.OutputBytes || ours.Length < batch.OutputBytes)
        {
            string last = CaseText.Of(batch.Cases[Math.Min(count, batch.Cases.Count - 1)]);
            Failures.Add($"batch {number}: host wrote {host.Length} bytes, ours {ours.Length} of {batch.OutputBytes}; it ends at {last}");
        }

        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> theirs = host.AsSpan(i * batch.ResultBytes, batch.ResultBytes);
            ReadOnlySpan<byte> mine = ours.AsSpan(i * batch.ResultBytes, batch.ResultBytes);
            FuzzCase made = batch.Cases[i];
            Count(made.Slot.Code, theirs);
            if (ResultComparer.Differences(made, theirs, mine, batch.Windows) is { Count: > 0 } fields)
            {
                Found.Add(new FoundDifference(number, i, made, batch.Windows, fields));
            }
        }

        int end = batch.ResultBytes * batch.Cases.Count;
        bool told = host.Length < batch.OutputBytes || ours.Length < batch.OutputBytes
            || batch.Windows == FuzzLayout.WholeWindows || Found.Any(found => found.Batch == number);
        if (!told && !host.AsSpan(end).SequenceEqual(ours.AsSpan(end)))
        {
            Locate(number, batch, FirstOutside(host, ours, end));
        }
    }

    /// <summary>Something was written outside the windows: runs the cases again with all memory in the results.</summary>
    private void Locate(int number, FuzzBatch batch, string where)
    {
        int before = Found.Count;
        for (int from = 0; from < batch.Cases.Count; from += CasesToLocate)
        {
            FuzzBatch part = new([.. batch.Cases.Skip(from).Take(CasesToLocate).Select(made => made.InWholeMemory())], FuzzLayout.WholeWindows);
            (byte[] host, byte[] ours) = RunBoth(part);
            for (int i = 0; i < part.Cases.Count && host.Length == part.OutputBytes && ours.Length == part.OutputBytes; i++)
            {
                Range result = (i * part.ResultBytes)..((i + 1) * part.ResultBytes);
                if (ResultComparer.Differences(part.Cases[i], host.AsSpan(result), ours.AsSpan(result), part.Windows) is { Count: > 0 } fields)
                {
                    Found.Add(new FoundDifference(number, from + i, part.Cases[i], part.Windows, fields));
                }
            }
        }

        if (Found.Count == before)
        {
            Failures.Add($"batch {number}: memory outside the windows differs at the end, and no case alone does that: {where}");
        }
    }

    private static string FirstOutside(byte[] host, byte[] ours, int start)
    {
        int at = host.AsSpan(start).CommonPrefixLength(ours.AsSpan(start)) & ~7;
        ulong address = at < 0x2000 ? FuzzLayout.Page0 + (ulong)at : FuzzLayout.PageQ + (ulong)at - 0x2000;
        return $"[{address:X}] host {Convert.ToHexString(host.AsSpan(start + at, 16))} ours {Convert.ToHexString(ours.AsSpan(start + at, 16))}";
    }

    private void Count(Code code, ReadOnlySpan<byte> result)
    {
        Cases++;
        if (!Counts.TryGetValue(code, out CodeCount? count))
        {
            Counts[code] = count = new CodeCount();
        }

        count.Cases++;
        count.Signals += BinaryPrimitives.ReadInt32LittleEndian(result[FuzzResult.Signal..]) == 0 ? 0 : 1;
    }
}
