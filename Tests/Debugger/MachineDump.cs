using System.Buffers.Binary;
using System.Text;

namespace MmuEmu.Tests.Debugger;

/// <summary>Files with the memory of a machine that is not ours, made by hand.</summary>
internal static class MachineDump
{
    /// <summary>One piece of memory and where it lies.</summary>
    public sealed record Piece(ulong Start, byte[] Bytes);

    /// <summary>An ELF core: a segment of notes, then one for each piece at its physical address.</summary>
    public static byte[] Elf(byte[] notes, params Piece[] pieces)
    {
        int headers = 1 + pieces.Length;
        byte[] head = new byte[64 + (56 * headers)];
        "\u007fELF"u8.CopyTo(head);
        (head[4], head[5], head[6]) = (2, 1, 1);
        Put(head, 16, 4, 2);
        Put(head, 18, 62, 2);
        Put(head, 32, 64, 8);
        Put(head, 54, 56, 2);
        Put(head, 56, (ulong)headers, 2);
        ulong at = (ulong)head.Length;
        PutHeader(head, 0, type: 4, at, 0, (ulong)notes.Length);
        at += (ulong)notes.Length;
        for (int i = 0; i < pieces.Length; i++)
        {
            PutHeader(head, i + 1, type: 1, at, pieces[i].Start, (ulong)pieces[i].Bytes.Length);
            at += (ulong)pieces[i].Bytes.Length;
        }

        return [.. head, .. notes, .. pieces.SelectMany(piece => piece.Bytes)];
    }

    /// <summary>QEMU's note of one processor.</summary>
    public static byte[] QemuNote(ulong cr0, ulong cr3, ulong cr4)
    {
        byte[] state = new byte[440];
        Put(state, 0, 1, 4);
        Put(state, 4, 440, 4);
        Put(state, 392, cr0, 8);
        Put(state, 416, cr3, 8);
        Put(state, 424, cr4, 8);
        return Note("QEMU", type: 0, state);
    }

    /// <summary>A note with its name and content padded to 4 bytes.</summary>
    public static byte[] Note(string name, uint type, byte[] content)
    {
        byte[] word = [.. Encoding.ASCII.GetBytes(name), 0];
        byte[] head = new byte[12];
        Put(head, 0, (ulong)word.Length, 4);
        Put(head, 4, (ulong)content.Length, 4);
        Put(head, 8, type, 4);
        return [.. head, .. Padded(word), .. Padded(content)];
    }

    /// <summary>A range as the Linux Memory Extractor writes it.</summary>
    public static byte[] Lime(Piece piece)
    {
        byte[] head = new byte[32];
        "EMiL"u8.CopyTo(head);
        Put(head, 4, 1, 4);
        Put(head, 8, piece.Start, 8);
        Put(head, 16, piece.Start + (ulong)piece.Bytes.Length - 1, 8);
        return [.. head, .. piece.Bytes];
    }

    /// <summary>Stores the lowest bytes of a value.</summary>
    public static void Put(byte[] bytes, int at, ulong value, int count)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..count].CopyTo(bytes.AsSpan(at));
    }

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];

    private static void PutHeader(byte[] file, int index, uint type, ulong offset, ulong physical, ulong length)
    {
        int at = 64 + (56 * index);
        Put(file, at, type, 4);
        Put(file, at + 8, offset, 8);
        Put(file, at + 16, physical + 0xFFFF_8880_0000_0000, 8);
        Put(file, at + 24, physical, 8);
        Put(file, at + 32, length, 8);
        Put(file, at + 40, length, 8);
    }
}
