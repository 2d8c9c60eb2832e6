using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Masked loads and stores at the edge of a page: which elements fault, and what a fault leaves.</summary>
/// <remarks>The addresses are those that an AMD Zen 5 processor reports for the same cases.</remarks>
public sealed unsafe class MaskedMoveTests
{
    private const uint On = 0x8000_0000;
    private const ulong Hole = BareCore.Data + (BareCore.DataPages * 4096);

    /// <summary>Distance of the operand before the hole, the selected elements, and the address that faults, relative to the hole.</summary>
    public static TheoryData<int, int[], int?> Cases => new()
    {
        { 16, [0, 1, 2, 3], null },
        { 16, [0, 5], 4 },
        { 14, [0, 3, 5], 0 },
        { 14, [0, 4], 2 },
        { 0, [2], 8 },
        { 0, [], null },
        { 31, [7], 0 },
        { 4, [0], null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_load_faults_only_on_selected_elements(int before, int[] selected, int? fault)
    {
        using BareCore core = new BareCore().Assemble(a => a.vmaskmovps(ymm0, ymm2, __ymmword_ptr[rbx]));
        Prepare(core, before, selected);

        CoreExit exit = core.Run(1);

        Check(core, exit, fault);
        uint[] left = new ReadOnlySpan<uint>(core.Core.Vcpu.State->Vectors, 8).ToArray();
        left.ShouldBe(Enumerable.Range(0, 8).Select(i => fault is null ? (selected.Contains(i) ? 0x1111_1111U : 0) : 0xD0U + (uint)i));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_store_faults_only_on_selected_elements_and_then_writes_nothing(int before, int[] selected, int? fault)
    {
        using BareCore core = new BareCore().Assemble(a => a.vmaskmovps(__ymmword_ptr[rbx], ymm2, ymm0));
        Prepare(core, before, selected);

        CoreExit exit = core.Run(1);

        Check(core, exit, fault);
        byte[] expected = Enumerable.Repeat((byte)0x11, 32).ToArray();
        foreach (int element in fault is null ? selected : [])
        {
            BitConverter.GetBytes(0xD0 + element).CopyTo(expected, 32 - before + (4 * element));
        }

        core.DataBytes((BareCore.DataPages * 4096) - 32, 32).ToArray().ShouldBe(expected);
    }

    [Fact]
    public void A_store_across_two_mapped_pages_writes_the_selected_elements_of_both()
    {
        // Given an operand whose third element lies in both pages
        using BareCore core = new BareCore().Assemble(a => a.vpmaskmovd(__ymmword_ptr[rbx], ymm2, ymm0));
        Prepare(core, 0, [0, 2, 7]);
        core[Register.RBX] = BareCore.Data + 4096 - 10;

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        byte[] expected = new byte[32];
        expected[0] = 0xD0;
        expected[8] = 0xD2;
        expected[28] = 0xD7;
        core.DataBytes(4096 - 10, 32).ToArray().ShouldBe(expected);
    }

    [Fact]
    public void A_store_of_32_bytes_into_a_missing_second_page_writes_nothing()
    {
        using BareCore core = new BareCore().Assemble(a => a.vmovups(__ymmword_ptr[rbx], ymm0));
        Prepare(core, 16, []);

        CoreExit exit = core.Run(1);

        Check(core, exit, fault: 0);
        core.DataBytes((BareCore.DataPages * 4096) - 16, 16).ToArray().ShouldAllBe(value => value == 0x11);
    }

    [Theory]
    [InlineData(0, CoreExitKind.BudgetSpent)]
    [InlineData(16, CoreExitKind.Exception)]
    public void An_aligned_move_of_32_bytes_wants_a_multiple_of_32(int offset, CoreExitKind expected)
    {
        using BareCore core = new BareCore().Assemble(a => a.vmovaps(ymm1, __ymmword_ptr[rbx]));
        core[Register.RBX] = BareCore.Data + (ulong)offset;

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(expected);
        exit.Vector.ShouldBe(expected == CoreExitKind.Exception ? ExceptionVector.GP : default);
    }

    private static void Prepare(BareCore core, int before, int[] selected)
    {
        core[Register.RBX] = Hole - (ulong)before;
        core.DataBytes((BareCore.DataPages * 4096) - 32, 32).Fill(0x11);
        uint* data = (uint*)core.Core.Vcpu.State->Vectors;
        for (int i = 0; i < 8; i++)
        {
            data[i] = 0xD0 + (uint)i;
            data[16 + i] = selected.Contains(i) ? On : 0x7FFF_FFFF;
        }
    }

    private static void Check(BareCore core, CoreExit exit, int? fault)
    {
        exit.Kind.ShouldBe(fault is null ? CoreExitKind.BudgetSpent : CoreExitKind.PageFault);
        if (fault is { } offset)
        {
            (core.Core.Vcpu.Control.Cr2, core.Rip).ShouldBe((Hole + (ulong)offset, BareCore.Code));
        }
    }
}
