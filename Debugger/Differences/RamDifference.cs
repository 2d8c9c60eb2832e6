using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Differences;

/// <summary>Frames of RAM that differ between two machines that stand still.</summary>
internal static class RamDifference
{
    private const int FrameBytes = 4096;
    private const int MostShown = 4;
    private const int BytesShown = 8;

    /// <summary>A line for each of the first frames that differ, and one for how many more there are.</summary>
    public static IEnumerable<string> Lines(KernelView a, KernelView b)
    {
        ulong frames = Math.Min(a.Memory().TotalFrames, b.Memory().TotalFrames);
        byte[] ofA = new byte[FrameBytes];
        byte[] ofB = new byte[FrameBytes];
        int found = 0;
        for (ulong frame = 0; frame < frames; frame++)
        {
            PhysAddr start = new(frame * FrameBytes);
            a.ReadPhysical(start, ofA);
            b.ReadPhysical(start, ofB);
            int at = ofA.AsSpan().CommonPrefixLength(ofB);
            if (at < FrameBytes && found++ < MostShown)
            {
                int from = Math.Min(at, FrameBytes - BytesShown);
                yield return $"frame 0x{frame:x}{Place(a.FrameOf(new Pfn(frame)), at)}, byte 0x{at:x}: A {Hex(ofA, from)}, B {Hex(ofB, from)}";
            }
        }

        if (found > MostShown)
        {
            yield return $"and {found - MostShown} more frames";
        }
    }

    private static string Place(FrameView frame, int at) => frame switch
    {
        { Use: FrameUse.Table } => $" (page table of space {frame.TableSpace})",
        { Sites: [var site, ..] } => $" (address {site.Address + (ulong)at} of space {site.Space})",
        { File: { Length: > 0 } file } => $" (of {OwnText.Printable(file)})",
        _ => "",
    };

    private static string Hex(byte[] bytes, int from) => string.Join(' ', bytes.Skip(from).Take(BytesShown).Select(value => $"{value:x2}"));
}
