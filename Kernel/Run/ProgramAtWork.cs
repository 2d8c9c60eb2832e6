using System.Buffers.Binary;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Which program the process at work runs, and where it lies.</summary>
internal static class ProgramAtWork
{
    private const int PairBytes = 16;

    /// <summary>Its file without symbolic links, and AT_ENTRY of its auxiliary vector; nothing and 0 when no process is left.</summary>
    public static (string Path, VirtAddr Entry) Of(TaskSystem system)
    {
        if ((system.Current?.Process ?? (system.Processes.All is [var first, ..] ? first : null)) is not { Program: var program })
        {
            return ("", default);
        }

        ReadOnlySpan<byte> vector = program.AuxiliaryVector;
        for (; vector.Length >= PairBytes; vector = vector[PairBytes..])
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(vector) == (ulong)AuxKey.Entry)
            {
                return (program.Location, new VirtAddr(BinaryPrimitives.ReadUInt64LittleEndian(vector[8..])));
            }
        }

        return (program.Location, default);
    }
}
