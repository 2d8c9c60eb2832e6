using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Exec;

/// <summary>Reads what a program says of itself in its ELF notes.</summary>
/// <remarks>
/// The note is the guest header's: owner "MmuEmu", type 1, and as description one word, the families of <see cref="Proposals"/> it claims.
/// Source: [ELF gABI, "Note Section"].
/// </remarks>
internal static class ElfNotes
{
    private const int MaxBytes = 65_536;
    private const int HeaderBytes = 12;
    private const int DescriptionBytes = 4;
    private const uint DeclaresProposals = 1;

    private static ReadOnlySpan<byte> Owner => "MmuEmu\0"u8;

    /// <summary>What the notes of one PT_NOTE segment declare; a note that is cut short ends the reading, and unknown families do not count.</summary>
    /// <param name="file">The program's file.</param>
    /// <param name="start">p_offset.</param>
    /// <param name="bytes">p_filesz; more than 64 KiB are not read.</param>
    /// <param name="alignment">p_align: notes lie 8 bytes apart when it is 8, else 4.</param>
    public static Proposals Declared(IFileContent file, ulong start, ulong bytes, ulong alignment)
    {
        byte[] buffer = new byte[Math.Min(bytes, MaxBytes)];
        if (start >= file.SizeBytes || !file.Read(start, buffer).Ok(out int count, out _))
        {
            return Proposals.None;
        }

        Proposals declared = Proposals.None;
        uint unit = alignment == 8 ? 8U : 4U;
        for (ReadOnlySpan<byte> rest = buffer.AsSpan(0, count); rest.Length >= HeaderBytes;)
        {
            ulong nameBytes = U32(rest, 0);
            ulong descriptionBytes = U32(rest, 4);
            ulong description = Up(HeaderBytes + nameBytes, unit);
            ulong end = description + descriptionBytes;
            if (end > (ulong)rest.Length)
            {
                break;
            }

            ReadOnlySpan<byte> name = rest.Slice(HeaderBytes, (int)nameBytes);
            if (U32(rest, 8) == DeclaresProposals && descriptionBytes == DescriptionBytes && name.SequenceEqual(Owner))
            {
                declared |= (Proposals)U32(rest, (int)description) & Proposals.All;
            }

            rest = rest[(int)Math.Min(Up(end, unit), (ulong)rest.Length)..];
        }

        return declared;
    }

    private static ulong Up(ulong bytes, uint unit) => (bytes + unit - 1) & ~(ulong)(unit - 1);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
