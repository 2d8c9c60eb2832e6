using System.Buffers.Binary;

namespace MmuEmu.Tests.Fuzz;

/// <summary>A field that differs.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Host">Its bits on the host, in hexadecimal.</param>
/// <param name="Ours">Its bits here.</param>
public readonly record struct FieldDifference(string Field, string Host, string Ours)
{
    public override string ToString() => $"{Field}: host {Host}, ours {Ours}";
}

/// <summary>Compares what a case left on the host with what it left here.</summary>
public static class ResultComparer
{
    private const ulong Arithmetic = 0x8D5;
    private const uint PageFaultVector = 14;

    /// <summary>The P bit of an error code, in the upper half of the field.</summary>
    private const ulong Present = 1UL << 32;

    /// <summary>The trap after an instruction that POPF armed.</summary>
    private const uint SingleStep = 1;

    private static readonly string[] General =
        ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"];

    private static readonly (string Name, int At)[] Words =
    [
        ("RIP", FuzzResult.Rip), ("signal and code", FuzzResult.Signal), ("si_addr", FuzzResult.Address), ("trapno and error", FuzzResult.Trap),
        ("CR2", FuzzResult.Cr2), ("FS.base", FuzzResult.FsBase), ("GS.base", FuzzResult.GsBase),
    ];

    /// <summary>True when nothing differs at all.</summary>
    public static bool Same(ReadOnlySpan<byte> host, ReadOnlySpan<byte> ours) =>
        host[..FuzzResult.LegacyEnd].SequenceEqual(ours[..FuzzResult.LegacyEnd])
        && host[FuzzResult.Upper..].SequenceEqual(ours[FuzzResult.Upper..]);

    /// <summary>The fields that differ more than is granted.</summary>
    public static List<FieldDifference> Differences(FuzzCase made, ReadOnlySpan<byte> host, ReadOnlySpan<byte> ours, IReadOnlyList<FuzzWindow> windows)
    {
        List<FieldDifference> found = [];
        if (Same(host, ours))
        {
            return found;
        }

        IReadOnlyList<FuzzTolerance> granted = FuzzTolerances.Of(made.Slot.Last.Mnemonic);
        CompareIntegers(made, host, ours, granted, found);
        CompareX87(host, ours, granted, found);
        CompareVectors(host, ours, granted, found);
        CompareMemory(host, ours, windows, found);
        GenerationTolerances.Forgive(made, Word(host, FuzzResult.Signal), Word(ours, FuzzResult.Signal), found);
        return found;
    }

    private static void CompareIntegers(FuzzCase made, ReadOnlySpan<byte> host, ReadOnlySpan<byte> ours, IReadOnlyList<FuzzTolerance> granted, List<FieldDifference> found)
    {
        bool pageFault = IsPageFault(host) && IsPageFault(ours);
        foreach ((string name, int at) in Words)
        {
            // CR2 tells of the last page fault, which may be any if this case had none.
            if (at != FuzzResult.Cr2 || pageFault)
            {
                ulong bits = at == FuzzResult.Trap && pageFault && IsOwnImage(Word(host, FuzzResult.Cr2)) ? ~Present : ~0UL;
                Note(found, name, Word(host, at) & bits, Word(ours, at) & bits);
            }
        }

        for (int i = 0; i < 16; i++)
        {
            Note(found, General[i], Word(host, FuzzResult.Registers + (8 * i)), Word(ours, FuzzResult.Registers + (8 * i)));
        }

        bool completed = Word(host, FuzzResult.Signal) == 0 || (uint)Word(host, FuzzResult.Trap) == SingleStep;
        ulong mask = HostProcessor.IsRecorded ? ~0UL : completed ? ~UndefinedFlags.Of(made) : granted.Contains(FuzzTolerance.FlagsAtFault) ? ~Arithmetic : ~0UL;
        Note(found, "RFLAGS", Word(host, FuzzResult.Flags) & mask, Word(ours, FuzzResult.Flags) & mask);
    }

    private static void CompareX87(ReadOnlySpan<byte> host, ReadOnlySpan<byte> ours, IReadOnlyList<FuzzTolerance> granted, List<FieldDifference> found)
    {
        bool lastPlace = granted.Contains(FuzzTolerance.LastPlace);
        uint status = 0xFFFF & ~(lastPlace ? 0x0220U : 0);
        Note(found, "FCW", Half(host, FuzzResult.Fcw), Half(ours, FuzzResult.Fcw));
        Note(found, "FSW", Half(host, FuzzResult.Fsw) & status, Half(ours, FuzzResult.Fsw) & status);
        Note(found, "FTW", host[FuzzResult.Tags], ours[FuzzResult.Tags]);
        Note(found, "FOP", Half(host, FuzzResult.FpuPointers), Half(ours, FuzzResult.FpuPointers));
        Note(found, "FIP", Word(host, 8), Word(ours, 8));
        Note(found, "FDP", Word(host, 16), Word(ours, 16));
        for (int i = 0; i < 8; i++)
        {
            int at = FuzzResult.St + (16 * i);
            if (!host.Slice(at, 10).SequenceEqual(ours.Slice(at, 10)) && !(lastPlace && IsNear(host.Slice(at, 10), ours.Slice(at, 10))))
            {
                found.Add(new FieldDifference($"ST{i}", Hex(host.Slice(at, 10)), Hex(ours.Slice(at, 10))));
            }
        }
    }

    private static void CompareVectors(ReadOnlySpan<byte> host, ReadOnlySpan<byte> ours, IReadOnlyList<FuzzTolerance> granted, List<FieldDifference> found)
    {
        bool approximate = !HostProcessor.IsRecorded && granted.Contains(FuzzTolerance.Approximation);
        foreach ((string name, int at) in ((string, int)[])[("MXCSR", FuzzResult.Mxcsr), ("MXCSR_MASK", FuzzResult.Mxcsr + 4)])
        {
            Note(found, name, BinaryPrimitives.ReadUInt32LittleEndian(host[at..]), BinaryPrimitives.ReadUInt32LittleEndian(ours[at..]));
        }

        foreach ((string name, int start) in ((string, int)[])[("XMM", FuzzResult.Xmm), ("YMM upper ", FuzzResult.Upper)])
        {
            for (int i = 0; i < 16; i++)
            {
                ReadOnlySpan<byte> theirs = host.Slice(start + (16 * i), 16);
                ReadOnlySpan<byte> mine = ours.Slice(start + (16 * i), 16);
                if (!theirs.SequenceEqual(mine) && !(approximate && IsApproximately(theirs, mine)))
                {
                    found.Add(new FieldDifference($"{name}{i}", Hex(theirs), Hex(mine)));
                }
            }
        }
    }

    private static void CompareMemory(
        ReadOnlySpan<byte> host, ReadOnlySpan<byte> ours, IReadOnlyList<FuzzWindow> windows, List<FieldDifference> found)
    {
        int at = FuzzResult.Windows;
        foreach (FuzzWindow window in windows)
        {
            for (int i = 0; i < window.Bytes; i += 8)
            {
                ulong theirs = Word(host, at + i);
                ulong mine = Word(ours, at + i);
                if (theirs != mine)
                {
                    Note(found, $"[{window.At + (ulong)i:X}]", theirs, mine);
                }
            }

            at += window.Bytes;
        }
    }

    /// <summary>Pages of the program's own file: whether one is present at a fault depends on what the kernel read ahead.</summary>
    internal static bool IsOwnImage(ulong address) => address is >= FuzzLayout.Runner and < FuzzLayout.Page0 or >= FuzzLayout.Control and < FuzzLayout.Stack + FuzzLayout.StackBytes;

    private static bool IsPageFault(ReadOnlySpan<byte> result) => (uint)Word(result, FuzzResult.Trap) == PageFaultVector;

    /// <summary>One unit of the last place apart, as 80-bit numbers in order.</summary>
    private static bool IsNear(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        Int128 Ordered(ReadOnlySpan<byte> ten)
        {
            Int128 magnitude = ((Int128)(Half(ten, 8) & 0x7FFF) << 63) | (Int128)(Word(ten, 0) & long.MaxValue);
            return (Half(ten, 8) & 0x8000) != 0 ? -magnitude : magnitude;
        }

        return Int128.Abs(Ordered(x) - Ordered(y)) <= 1;
    }

    private static bool IsApproximately(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        for (int i = 0; i < 16; i += 4)
        {
            float one = BinaryPrimitives.ReadSingleLittleEndian(x[i..]);
            float other = BinaryPrimitives.ReadSingleLittleEndian(y[i..]);
            bool same = x.Slice(i, 4).SequenceEqual(y.Slice(i, 4));
            if (!same && !(MathF.Abs(one - other) <= MathF.Abs(one) * 3 / 4096))
            {
                return false;
            }
        }

        return true;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static ushort Half(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        byte[] reversed = bytes.ToArray();
        Array.Reverse(reversed);
        return Convert.ToHexString(reversed);
    }

    private static void Note(List<FieldDifference> found, string name, ulong host, ulong ours)
    {
        if (host != ours)
        {
            found.Add(new FieldDifference(name, host.ToString("X", null), ours.ToString("X", null)));
        }
    }
}
