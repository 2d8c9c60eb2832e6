using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Paging;

/// <summary>
/// Every legal combination of entry bits, control bits and accesses against an oracle that does not walk.
/// What is left out, and why, is written in docs/paging-matrix.md.
/// </summary>
[Spec("P-010", "P-011", "P-012", "P-013", "P-020", "P-021", "P-022", "P-025", "P-030", "P-031", "P-032", "P-033", "P-034")]
[Spec("P-035", "P-036", "P-037", "P-038", "P-039", "P-040", "P-042")]
public sealed class MatrixTests
{
    private const ulong Rights = (ulong)(PteBits.RW | PteBits.US | PteBits.XD);
    private const ulong State = Rights | (ulong)PteBits.P | MatrixSpace.ReservedBit;
    private const ulong Ps = (ulong)PteBits.PS;
    private const ulong A = (ulong)PteBits.A;
    private const ulong D = (ulong)PteBits.D;
    private const PagingBits Checks = PagingBits.Wp | PagingBits.Smep | PagingBits.Smap | PagingBits.Ac | PagingBits.Nxe;

    private static readonly uint[] AllRightsOfKey0 = [0, 1, 2, 3];

    [Fact]
    public void Present_rights_size_and_reserved_bits_at_all_four_levels_under_every_control_bit()
    {
        MatrixSpace space = new MatrixSpace { Registers = Checks | PagingBits.Page1G | PagingBits.Pke, Pkru = AllRightsOfKey0 }
            .Vary(PagingLevel.Pml4, State).Vary(PagingLevel.Pdpt, State | Ps)
            .Vary(PagingLevel.Pd, State | Ps).Vary(PagingLevel.Pt, State);

        Compare(space, exactly: 18_524_160);
    }

    [Theory]
    [InlineData(PagingLevel.Pt, 589_824)]
    [InlineData(PagingLevel.Pd, 147_456)]
    [InlineData(PagingLevel.Pdpt, 36_864)]
    public void Accessed_and_dirty_bits_at_every_level_with_every_right_of_the_leaf(PagingLevel leaf, long cases)
    {
        MatrixSpace space = new MatrixSpace { Always = PagingBits.Page1G, Registers = Checks }
            .Vary(PagingLevel.Pml4, A | D).Vary(PagingLevel.Pdpt, A | D).Vary(PagingLevel.Pd, A | D).Vary(PagingLevel.Pt, A | D);
        ulong ps = leaf == PagingLevel.Pt ? 0 : Ps;

        Compare(space.Fix(leaf, (ulong)PteBits.P | ps).Vary(leaf, A | D | Rights), exactly: cases);
    }

    [Theory]
    [InlineData(PagingLevel.Pt)]
    [InlineData(PagingLevel.Pd)]
    [InlineData(PagingLevel.Pdpt)]
    public void Sixteen_keys_under_many_values_of_PKRU(PagingLevel leaf)
    {
        const ulong keys = 0xFUL << 59;
        uint[] pkru = [0, 0x5555_5555, 0xAAAA_AAAA, 0xFFFF_FFFF, 0xE4E4_E4E4, 0x1B1B_1B1B, 0x0000_0C00, 0xC000_0000];
        MatrixSpace space = new MatrixSpace { Always = PagingBits.Page1G, Registers = Checks | PagingBits.Pke, Pkru = pkru }
            .Vary(PagingLevel.Pml4, keys | (ulong)PteBits.US);
        ulong ps = leaf == PagingLevel.Pt ? 0 : Ps;

        Compare(space.Fix(leaf, (ulong)PteBits.P | ps).Vary(leaf, keys | Rights), exactly: 10_616_832);
    }

    [Theory, Spec("P-023", "P-024", "P-026", "P-028")]
    [InlineData(PagingLevel.Pt)]
    [InlineData(PagingLevel.Pd)]
    [InlineData(PagingLevel.Pdpt)]
    public void Each_of_the_64_bits_alone_at_each_level_for_each_address_width(PagingLevel leaf)
    {
        const PagingBits deciding = PagingBits.Nxe | PagingBits.Page1G | PagingBits.Pml4Bit8Reserved | PagingBits.Pke;
        ulong everyday = (ulong)(PteBits.P | PteBits.RW | PteBits.US);
        ulong ps = leaf == PagingLevel.Pt ? 0 : Ps;
        foreach (byte width in new byte[] { 36, 39, 40, 46, 48, 51, 52 })
        {
            MatrixSpace space = new MatrixSpace { Registers = deciding, Widths = [width] }.Fix(leaf, everyday | ps);
            for (int i = 0; i < 64 * (1 + PagingLevel.Pml4 - leaf); i++)
            {
                (PagingLevel level, int bit) = ((PagingLevel)((int)leaf + (i / 64)), i % 64);

                // A frame bit that is not reserved would send the walk from a table entry to another table.
                bool movesTable = level != leaf && bit >= 12 && bit < width;
                if (!movesTable)
                {
                    Compare(space.Vary(level, 1UL << bit), exactly: 288);
                }
            }
        }
    }

    [Fact]
    public void Five_levels_with_every_state_of_the_new_root_and_of_its_two_neighbours()
    {
        MatrixSpace space = new MatrixSpace { Always = PagingBits.La57, Registers = Checks }
            .Vary(PagingLevel.Pml5, State | Ps | A).Vary(PagingLevel.Pml4, State | Ps).Vary(PagingLevel.Pt, Rights | (ulong)PteBits.P | A);

        Compare(space, exactly: 524_736);
    }

    [Theory]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void The_whole_MMU_gives_the_same_answers_on_the_first_touch_and_on_the_second(TlbMode mode)
    {
        MatrixSpace space = new MatrixSpace { Registers = Checks | PagingBits.Pke | PagingBits.Page1G, Pkru = AllRightsOfKey0 }
            .Vary(PagingLevel.Pml4, (ulong)(PteBits.RW | PteBits.US)).Vary(PagingLevel.Pdpt, Ps)
            .Vary(PagingLevel.Pd, Ps | (ulong)PteBits.XD).Vary(PagingLevel.Pt, State);

        using MmuComparison comparison = new(mode);
        MmuComparison visitor = comparison;
        space.Visit(ref visitor);

        comparison.Report().ShouldBe("");
        comparison.Cases.ShouldBe(351_360);
    }

    private static void Compare(MatrixSpace space, long exactly)
    {
        using WalkerComparison comparison = new();
        WalkerComparison visitor = comparison;
        space.Visit(ref visitor);

        comparison.Report().ShouldBe("");
        comparison.Cases.ShouldBe(exactly);
    }

    private sealed class WalkerComparison : IMatrixVisitor, IDisposable
    {
        private readonly MatrixBench _bench = new();
        private readonly List<string> _differences = [];

        public long Cases { get; private set; }

        public void Visit(in MatrixCase one)
        {
            Cases++;
            MatrixResult got = _bench.Run(one);
            MatrixResult expected = AccessOracle.Expect(one);
            if (got != expected && _differences.Count < 10)
            {
                _differences.Add($"{MatrixText.Of(one)}: got {MatrixText.Of(got)}, expected {MatrixText.Of(expected)}");
            }
        }

        public string Report() => string.Join('\n', _differences);

        public void Dispose() => _bench.Dispose();
    }

    /// <summary>A cold touch, and then the same access again over whatever the first one left in the TLB.</summary>
    private sealed class MmuComparison : IMatrixVisitor, IDisposable
    {
        private readonly MatrixBench _bench = new();
        private readonly List<string> _differences = [];
        private readonly Mmu _mmu;

        public MmuComparison(TlbMode mode) => _mmu = new Mmu(_bench.Ram, new MmuOptions { TlbMode = mode });

        public long Cases { get; private set; }

        public void Visit(in MatrixCase one)
        {
            Cases++;
            _bench.Load(one);
            _mmu.Mode = MatrixBench.ModeOf(one);
            _mmu.Invalidate(TlbInvalidation.All);
            MatrixResult expected = AccessOracle.Expect(one);
            MatrixResult first = Touch(one);
            MatrixResult second = Touch(one);
            MatrixResult settled = expected with { AccessedLevels = 0, DirtyLevels = 0 };
            MatrixResult again = _mmu.Options.TlbMode == TlbMode.NoCache ? expected : settled;
            if ((first != expected || second != again) && _differences.Count < 10)
            {
                _differences.Add($"{MatrixText.Of(one)}: {MatrixText.Of(first)}, then {MatrixText.Of(second)}; expected {MatrixText.Of(expected)}");
            }
        }

        public string Report() => string.Join('\n', _differences);

        public void Dispose() => _bench.Dispose();

        private MatrixResult Touch(in MatrixCase one)
        {
            bool passed = _mmu.TryTranslate(MatrixBench.AccessOf(one), out _, out PageFault fault);
            return _bench.TakeBack(one) with { Passed = passed, Code = fault.Code };
        }
    }
}
