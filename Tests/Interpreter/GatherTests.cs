using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Gathers: the same bits as on the host, and what a fault in the middle of one leaves.</summary>
public sealed unsafe class GatherTests
{
    private const int Seed = 20_261_121;
    private const ulong Hole = BareCore.Data + (BareCore.DataPages * 4096);

    public static TheoryData<Code> Codes => [.. InstructionForms.CodesOf(CpuidFeature.AVX2).Where(InstructionForms.IsGather)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_gather_leaves_the_same_bits_as_on_the_host(Code code)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        bool wide = code.ToOpCode().Op1Kind is OpCodeOperandKind.mem_vsib64x or OpCodeOperandKind.mem_vsib64y;
        using HostComparison comparison = new(Seed) { ShapeVectors = (vectors, random) => FillWithIndices(vectors, random, wide ? 8 : 4) };

        List<string> found = comparison.Differences(code, cases: 320);

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void There_are_sixteen_gathers() => Codes.Count.ShouldBe(16);

    [Fact]
    public void A_fault_in_the_middle_keeps_what_was_loaded_and_clears_its_masks()
    {
        // Given eight indices whose third selected element lies in a page that is not mapped
        using BareCore core = new BareCore().Assemble(a => a.vpgatherdd(ymm0, __ymmword_ptr[rbx + ymm1], ymm2));
        core[Register.RBX] = Hole - 64;
        Fill(core, 64);
        Set(core, 0, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7);
        Set(core, 1, 0, 8, 16, 64, 72, 20, 24, 28);
        Set(core, 2, 0x8000_0000, 7, 0x8000_0001, 0x8000_0002, 0x7FFF_FFFF, 0x8000_0000, 7, 0x8000_0000);

        // When it runs
        CoreExit exit = core.Run(1);

        // Then the fault names that element, and only what lies before it has changed
        (exit.Kind, core.Core.Vcpu.Control.Cr2, core.Rip).ShouldBe((CoreExitKind.PageFault, Hole, BareCore.Code));
        Get(core, 0).ShouldBe([0x0101_0101, 0xD1, 0x1111_1111, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7]);
        Get(core, 2).ShouldBe([0, 0, 0, 0x8000_0002, 0x7FFF_FFFF, 0x8000_0000, 7, 0x8000_0000]);

        // And with the page there it goes on and ends with an empty mask
        core.Map(Hole, 0x620, PteBits.P | PteBits.US | PteBits.XD);
        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);
        Get(core, 0).ShouldBe([0x0101_0101, 0xD1, 0x1111_1111, 0, 0xD4, 0x1515_1515, 0xD6, 0x1D1D_1D1D]);
        Get(core, 2).ShouldBe(new uint[8]);
    }

    [Fact]
    public void An_element_that_is_not_selected_is_not_accessed()
    {
        using BareCore core = new BareCore().Assemble(a => a.vgatherqpd(xmm0, __xmmword_ptr[rbx + xmm1 * 8], xmm2));
        core[Register.RBX] = 0x1234_5678_9000;

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);
    }

    [Fact]
    public void A_32_bit_address_wraps_at_4_GiB()
    {
        // Given a base whose upper half does not count and an index that goes below zero
        using BareCore core = new BareCore().Assemble(a => a.vpgatherdd(xmm0, __xmmword_ptr[ebx + xmm1 * 4 + 0x10], xmm2));
        core[Register.RBX] = 0xFFFF_FFFF_0060_0004;
        Fill(core, 64, at: 0);
        Set(core, 1, unchecked((uint)-5), 0, 1, 2, 0, 0, 0, 0);
        Set(core, 2, 0x8000_0000, 0x8000_0000, 0, 0, 0, 0, 0, 0);

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        Get(core, 0)[..2].ShouldBe([0x0101_0101U, 0x1515_1515U]);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 2)]
    [InlineData(0, 1, 1)]
    public void Equal_registers_are_an_undefined_instruction(int destination, int index, int mask)
    {
        // VPGATHERDD xmm, [rbx + xmm], xmm
        byte[] code = [0xC4, 0xE2, (byte)(0x79 & ~(mask << 3)), 0x90, (byte)(4 | (destination << 3)), (byte)(3 | (index << 3))];
        using BareCore core = new BareCore().Load(code);

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Vector, exit.Unsupported).ShouldBe((CoreExitKind.Exception, ExceptionVector.UD, false));
    }

    /// <summary>Small indices, a third of them negative: as a mask those are the selected elements.</summary>
    private static void FillWithIndices(byte[] vectors, Random random, int bytes)
    {
        for (int i = 0; i < vectors.Length; i += bytes)
        {
            long index = random.Next(-4, 9);
            BitConverter.GetBytes(index)[..bytes].CopyTo(vectors, i);
        }
    }

    /// <summary>Bytes before the hole, or from <paramref name="at"/>: each is one more than four times the doubleword's number.</summary>
    private static void Fill(BareCore core, int bytes, int? at = null)
    {
        Span<byte> target = core.DataBytes(at ?? ((BareCore.DataPages * 4096) - bytes), bytes);
        for (int i = 0; i < bytes; i++)
        {
            target[i] = (byte)((i & ~3) + 1);
        }
    }

    private static void Set(BareCore core, int register, params uint[] values) =>
        values.CopyTo(new Span<uint>(core.Core.Vcpu.State->Vectors + (32 * register), 8));

    private static uint[] Get(BareCore core, int register) =>
        new ReadOnlySpan<uint>(core.Core.Vcpu.State->Vectors + (32 * register), 8).ToArray();
}
