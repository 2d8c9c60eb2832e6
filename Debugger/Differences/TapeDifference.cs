using MmuEmu.Debugger.Recordings;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Differences;

/// <summary>What came from the host into two recorded runs differently.</summary>
internal static class TapeDifference
{
    /// <summary>True when the same came in and went out.</summary>
    public static bool IsNone(Recording a, Recording b) =>
        a.Signals.Sent.SequenceEqual(b.Signals.Sent) && a.Disk.Select(Known).SequenceEqual(b.Disk.Select(Known)) && IsSame(a.Notes, b.Notes);

    /// <summary>A line for each file of the host that both have opened and that was not the same.</summary>
    public static IEnumerable<string> Files(Recording? a, Recording? b)
    {
        Dictionary<string, string> other = [];
        foreach (DiskAnswer answer in b?.Disk ?? [])
        {
            if (answer.File?.Track.Hash is { } hash)
            {
                other.TryAdd(answer.Path, hash);
            }
        }

        HashSet<string> told = [];
        foreach (DiskAnswer answer in a?.Disk ?? [])
        {
            if (answer.File?.Track.Hash is { } hash && other.TryGetValue(answer.Path, out string? found) && found != hash && told.Add(answer.Path))
            {
                yield return PlanDifference.Line($"file {answer.Path}", $"SHA-256 {hash[..16]}...", $"SHA-256 {found[..16]}...");
            }
        }
    }

    private static (DiskQuestion Question, string Path, Errno Errno, string Full, HostEntry Entry, string Names, string? Hash) Known(DiskAnswer answer) =>
        (answer.Question, answer.Path, answer.Errno, answer.Full, answer.Entry, string.Join('/', answer.Names), answer.File?.Track.Hash);

    private static bool IsSame(TapeNotes a, TapeNotes b)
    {
        bool isSame = a.Count == b.Count && a.Length == b.Length;
        for (int i = 0; isSame && i < a.Length; i++)
        {
            byte[] ofA = new byte[a[i].DataLength];
            byte[] ofB = new byte[b[i].DataLength];
            a.CopyData(a[i], ofA);
            b.CopyData(b[i], ofB);
            isSame = a[i] == b[i] && ofA.AsSpan().SequenceEqual(ofB);
        }

        return isSame;
    }
}
