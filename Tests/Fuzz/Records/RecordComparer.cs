using System.Buffers.Binary;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>Compares what a case left on a processor with what it left here: every byte, flags that manuals leave open included.</summary>
/// <remarks>
/// What is no part of the model is left out: bytes 464 to 487 of an image in a signal frame, which are the kernel's; CR2 where no page
/// fault came; XSTATE_BV of AVX-512, which no model has. Whether a page of the program's own file was there at a fault depends on what
/// the kernel had read ahead.
/// </remarks>
public static class RecordComparer
{
    /// <summary>Where XSTATE_BV lies in a result, in bytes.</summary>
    public const int StateBits = 512;

    private const int SoftwareStart = 464;
    private const int SoftwareEnd = 488;
    private const ulong ForeignStates = 0xE0;
    private const uint PageFault = 14;
    private const ulong PresentBit = 1UL << 32;

    private static readonly (string Name, int At, int Bytes)[] Fields =
    [
        ("FCW", 0, 2), ("FSW", 2, 2), ("FTW", 4, 2), ("FOP", 6, 2), ("FIP", 8, 8), ("FDP", 16, 8), ("MXCSR", 24, 4), ("MXCSR_MASK", 28, 4),
        ("ST", FuzzResult.St, 128), ("XMM", FuzzResult.Xmm, 256), ("reserved", FuzzResult.LegacyEnd, SoftwareStart - FuzzResult.LegacyEnd),
        ("reserved", SoftwareEnd, 512 - SoftwareEnd), ("XSTATE_BV", StateBits, 8), ("XCOMP_BV", StateBits + 8, 56), ("YMM", FuzzResult.Upper, 256),
        ("registers", FuzzResult.Registers, 128), ("RFLAGS", FuzzResult.Flags, 8), ("RIP", FuzzResult.Rip, 8), ("signal", FuzzResult.Signal, 8),
        ("si_addr", FuzzResult.Address, 8), ("trap", FuzzResult.Trap, 8), ("CR2", FuzzResult.Cr2, 8), ("FS.base", FuzzResult.FsBase, 8),
        ("GS.base", FuzzResult.GsBase, 8),
    ];

    /// <summary>The fields that differ; empty when the two are equal.</summary>
    public static List<FieldDifference> Differences(ReadOnlySpan<byte> recorded, ReadOnlySpan<byte> ours)
    {
        List<FieldDifference> found = [];
        foreach ((string name, int at, int bytes) in Fields)
        {
            ReadOnlySpan<byte> one = recorded.Slice(at, bytes);
            ReadOnlySpan<byte> other = ours.Slice(at, bytes);
            if (!one.SequenceEqual(other) && !IsNoDifference(at, recorded, ours))
            {
                found.Add(Shown(name, one, other));
            }
        }

        ReadOnlySpan<byte> memory = recorded[FuzzResult.Windows..];
        if (!memory.SequenceEqual(ours[FuzzResult.Windows..]))
        {
            found.Add(Shown("memory", memory, ours[FuzzResult.Windows..]));
        }

        return found;
    }

    private static bool IsNoDifference(int at, ReadOnlySpan<byte> recorded, ReadOnlySpan<byte> ours)
    {
        bool faults = IsPageFault(recorded) && IsPageFault(ours);
        return (at == FuzzResult.Cr2 && !faults)
            || (at == StateBits && ((Word(recorded, at) ^ Word(ours, at)) & ~ForeignStates) == 0)
            || (at == FuzzResult.Trap && faults && ResultComparer.IsOwnImage(Word(recorded, FuzzResult.Cr2))
                && (Word(recorded, at) ^ Word(ours, at)) == PresentBit);
    }

    /// <summary>The first eight bytes that differ.</summary>
    private static FieldDifference Shown(string name, ReadOnlySpan<byte> recorded, ReadOnlySpan<byte> ours)
    {
        int at = recorded.CommonPrefixLength(ours) & ~7;
        string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes[at..Math.Min(bytes.Length, at + 8)]);
        return new FieldDifference(recorded.Length > 8 ? $"{name}+{at:X}" : name, Hex(recorded), Hex(ours));
    }

    private static bool IsPageFault(ReadOnlySpan<byte> result) => (uint)Word(result, FuzzResult.Trap) == PageFault;

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
