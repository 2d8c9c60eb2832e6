using System.Buffers.Binary;

namespace MmuEmu.Debugger.Images;

/// <summary>The note that QEMU writes of each processor: registers, segments, control registers. It has no EFER.</summary>
/// <remarks>
/// Version and size (4 bytes each), 18 registers, 10 segments of 24 bytes, CR0 to CR4. Source: [QEMU target/i386/arch_dump.c, QEMUCPUState].
/// </remarks>
internal static class QemuCpuState
{
    private const int Cr0 = 8 + (18 * 8) + (10 * 24);
    private const int End = Cr0 + (5 * 8);

    /// <summary>Reads the note of processor <paramref name="number"/>.</summary>
    /// <returns>False when it is of another version, or too short.</returns>
    public static bool TryRead(ReadOnlySpan<byte> note, int number, out ImageCpu cpu)
    {
        if (note.Length < End || BinaryPrimitives.ReadUInt32LittleEndian(note) != 1)
        {
            cpu = default;
            return false;
        }

        ReadOnlySpan<byte> cr = note[Cr0..End];
        cpu = new ImageCpu(
            number,
            BinaryPrimitives.ReadUInt64LittleEndian(cr),
            BinaryPrimitives.ReadUInt64LittleEndian(cr[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(cr[32..]));
        return true;
    }
}
