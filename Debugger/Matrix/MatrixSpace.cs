using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Matrix;

/// <summary>A set of combinations of entry bits, control bits and accesses, named by what varies.</summary>
/// <remarks>
/// <code>
///  control bits × PKRU × MAXPHYADDR × entries of each level × origin × kind
/// </code>
/// What a walk cannot see is left out: entries below one that is absent, reserved or a leaf are not varied, an absent entry comes
/// with all its varied bits clear and with all of them set, and PKRU varies only while PKE is on.
/// </remarks>
internal sealed record MatrixSpace
{
    /// <summary>A frame bit that is reserved at every level while MAXPHYADDR is at most 51: bit 51.</summary>
    public const ulong ReservedBit = 1UL << 51;

    private const PteBits Everyday = PteBits.P | PteBits.RW | PteBits.US;
    private readonly ulong[] _varied = new ulong[6];
    private readonly ulong[] _fixed = [0, (ulong)Everyday, (ulong)Everyday, (ulong)Everyday, (ulong)Everyday, (ulong)Everyday];

    /// <summary>One case of everyday entries under each access.</summary>
    public MatrixSpace()
    {
    }

    private MatrixSpace(MatrixSpace original)
    {
        Always = original.Always;
        Registers = original.Registers;
        Pkru = original.Pkru;
        Widths = original.Widths;
        Origins = original.Origins;
        Kinds = original.Kinds;
        _varied = [.. original._varied];
        _fixed = [.. original._fixed];
    }

    /// <summary>Control bits on in every case.</summary>
    public PagingBits Always { get; init; }

    /// <summary>Control bits of which every combination occurs.</summary>
    public PagingBits Registers { get; init; }

    /// <summary>Values of PKRU; the first is used while PKE is off.</summary>
    public IReadOnlyList<uint> Pkru { get; init; } = [0];

    /// <summary>Physical-address widths, 36 to 52.</summary>
    public IReadOnlyList<byte> Widths { get; init; } = [40];

    /// <summary>Origins of the accesses.</summary>
    public IReadOnlyList<AccessOrigin> Origins { get; init; } =
        [AccessOrigin.User, AccessOrigin.Supervisor, AccessOrigin.ImplicitSupervisor];

    /// <summary>Kinds of the accesses.</summary>
    public IReadOnlyList<AccessKind> Kinds { get; init; } = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch];

    /// <summary>This space with every combination of some bits in the entries of a level; the other bits are as fixed.</summary>
    public MatrixSpace Vary(PagingLevel level, ulong bits) => Changed(level, bits, _fixed[(int)level]);

    /// <summary>This space with another value for the bits of a level that do not vary; P, RW and US unless set.</summary>
    public MatrixSpace Fix(PagingLevel level, ulong bits) => Changed(level, _varied[(int)level], bits);

    /// <summary>Shows every case to a visitor; the order is the same in every run.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : IMatrixVisitor
    {
        foreach (byte width in Widths)
        {
            ulong registers = 0;
            do
            {
                PagingBits bits = Always | (PagingBits)registers;
                int values = (bits & PagingBits.Pke) != 0 ? Pkru.Count : 1;
                for (int i = 0; i < values; i++)
                {
                    MatrixCase one = new() { Mode = new PagingMode(default, 0, bits, width, Pkru[i]) };
                    ResetBelow(ref one, PagingLevel.Pml5 + 1);
                    Descend(ref one, one.Mode.RootLevel, ref visitor);
                }

                registers = NextSubset(registers, (ulong)Registers);
            }
            while (registers != 0);
        }
    }

    private void Descend<TVisitor>(ref MatrixCase one, PagingLevel level, ref TVisitor visitor)
        where TVisitor : IMatrixVisitor
    {
        ulong varied = _varied[(int)level];
        ulong bits = 0;
        do
        {
            Pte entry = new((_fixed[(int)level] & ~varied) | bits);
            one.Entries[(int)level] = entry;
            bool reserved = (entry.Raw & ReservedBits.MaskOf(one.Mode, level, entry)) != 0;
            if (!entry.Present)
            {
                ulong rest = bits | (ulong)PteBits.P;
                if (bits == 0 || rest == (varied | (ulong)PteBits.P))
                {
                    Show(ref one, level, ref visitor);
                }
            }
            else if (reserved || entry.IsLeafAt(level))
            {
                Show(ref one, level, ref visitor);
            }
            else
            {
                Descend(ref one, level - 1, ref visitor);
            }

            bits = NextSubset(bits, varied);
        }
        while (bits != 0);
    }

    private void Show<TVisitor>(ref MatrixCase one, PagingLevel lowest, ref TVisitor visitor)
        where TVisitor : IMatrixVisitor
    {
        ResetBelow(ref one, lowest);
        one.LowestLevel = lowest;
        for (int origin = 0; origin < Origins.Count; origin++)
        {
            for (int kind = 0; kind < Kinds.Count; kind++)
            {
                one.Access = new Access(default, Kinds[kind], Origins[origin]);
                visitor.Visit(one);
            }
        }
    }

    private void ResetBelow(ref MatrixCase one, PagingLevel level)
    {
        for (int below = 1; below < (int)level; below++)
        {
            one.Entries[below] = new Pte((_fixed[below] & ~_varied[below]) | ((ulong)Everyday & _varied[below]));
        }
    }

    /// <summary>The next subset of a mask in rising order; 0 after the last. Adding with the gaps filled carries over them.</summary>
    private static ulong NextSubset(ulong subset, ulong mask) => (subset - mask) & mask;

    private MatrixSpace Changed(PagingLevel level, ulong varied, ulong fixedBits)
    {
        MatrixSpace copy = new(this);
        copy._varied[(int)level] = varied;
        copy._fixed[(int)level] = fixedBits;
        return copy;
    }
}
