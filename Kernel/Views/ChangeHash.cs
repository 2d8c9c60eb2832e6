using System.Buffers.Binary;
using System.IO.Hashing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Kernel.Views;

/// <summary>A number for what a piece of a run has done.</summary>
internal static class ChangeHash
{
    /// <summary>Over the number before, the registers, and each page that differs with the frame it lies in.</summary>
    public static byte[] Of(ReadOnlySpan<byte> step, RunImage now, RunImage? before, ReadOnlySpan<byte> chain)
    {
        XxHash128 hash = new();
        hash.Append(chain);
        hash.Append(step);
        now.Differences(before, (Pfn frame, ReadOnlySpan<byte> bytes) =>
        {
            Span<byte> number = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(number, frame.Raw);
            hash.Append(number);
            hash.Append(bytes);
        });
        return hash.GetCurrentHash();
    }
}
