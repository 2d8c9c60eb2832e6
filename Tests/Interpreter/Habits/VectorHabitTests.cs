using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter.Habits;

/// <summary>Vector instructions whose results or faults differ by maker.</summary>
public sealed class VectorHabitTests
{
    private const ulong End = BareCore.Data + (BareCore.DataPages * 4096);
    private const uint Set = 0x8000_0001;
    private const uint Clear = 0x7FFF_FFFF;

    [Theory]
    [Habit(CpuHabits.GatherFaultSpreadsMask)]
    [InlineData(CpuVendor.Amd, new uint[] { 0, 0, Set, Set, Set, Clear, Clear, Clear }, 0x77U)]
    [InlineData(CpuVendor.Intel, new uint[] { 0, 0, uint.MaxValue, uint.MaxValue, 0, 0, 0, 0 }, 0U)]
    public void A_gather_that_faults_leaves_a_mask(CpuVendor vendor, uint[] expected, uint upper)
    {
        // Given four elements of which the third points nowhere; the second is not chosen, and both clear its mask as they pass by
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a => a.vpgatherdd(xmm0, __dword_ptr[rbx + xmm1], xmm2));
        core[Register.RBX] = BareCore.Data;
        Put(core, 0, 9, 9, 9, 9, 0x77, 0x77, 0x77, 0x77);
        Put(core, 1, 0, 4, BareCore.DataPages * 4096, 8);
        Put(core, 2, Set, Clear, Set, Set, Set, Clear, Clear, Clear);

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);

        Get(core, 2).ShouldBe(expected);
        Get(core, 0)[4..].ShouldAllBe(element => element == upper);
    }

    [Theory]
    [Habit(CpuHabits.MaskedStoreUpperHalfFirst)]
    [InlineData(CpuVendor.Amd, End + 16)]
    [InlineData(CpuVendor.Intel, End + 24)]
    public void A_masked_store_to_nowhere_names_a_half(CpuVendor vendor, ulong address)
    {
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a => a.maskmovdqu(xmm0, xmm1));
        core[Register.RDI] = End + 16;

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);
        core.Core.Vcpu.Control.Cr2.ShouldBe(address);
    }

    [Theory]
    [Habit(CpuHabits.MaskedStoreFaultsAtLastByte)]
    [InlineData(CpuVendor.Amd, End + 1)]
    [InlineData(CpuVendor.Intel, End + 0x10)]
    public void A_masked_store_over_two_pages_names_a_byte(CpuVendor vendor, ulong address)
    {
        // Given elements 0, 1, 2, 4 and 7 chosen, 15 bytes before the end: the recorded case
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a => a.vpmaskmovd(__[rbx], ymm1, ymm0));
        core[Register.RBX] = End - 15;
        Put(core, 1, Set, Set, Set, Clear, Set, Clear, Clear, Set);

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);
        core.Core.Vcpu.Control.Cr2.ShouldBe(address);
    }

    [Theory]
    [Habit(CpuHabits.HalvesConvertedBeforeStore)]
    [InlineData(CpuVendor.Amd, 0x1F80U)]
    [InlineData(CpuVendor.Intel, 0x1FA0U)]
    public void A_conversion_to_halves_whose_store_faults_leaves_MXCSR(CpuVendor vendor, uint mxcsr)
    {
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a => a.vcvtps2ph(__[rbx], xmm0, 0));
        core[Register.RBX] = End;
        Put(core, 0, 0x3F80_0001, 0, 0, 0);

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);
        core.Core.Vcpu.Mxcsr.ShouldBe(mxcsr);
    }

    [Theory]
    [Habit(CpuHabits.ShortApproximations)]
    [InlineData(CpuVendor.Amd, 0x3F7E_2000U, 0x1F80_0000U)]
    [InlineData(CpuVendor.Intel, 0x3F7E_1000U, 0x1F80_0800U)]
    public void Approximations_have_the_makers_bits(CpuVendor vendor, uint reciprocal, uint root)
    {
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a =>
        {
            a.rcpps(xmm1, xmm0);
            a.rsqrtps(xmm2, xmm0);
        });
        Put(core, 0, 0x3F80_F000, 0x7F7F_FFFF, 0x3F80_0000, 0x3F80_0000);

        core.Run(2);
        (Get(core, 1)[0], Get(core, 2)[1]).ShouldBe((reciprocal, root));
    }

    [Theory]
    [Habit(CpuHabits.ShortApproximations)]
    [MemberData(nameof(Steps))]
    public void The_short_tables_keep_the_bound_of_the_manual(uint source)
    {
        float exact = 1 / BitConverter.UInt32BitsToSingle(source);
        float found = BitConverter.UInt32BitsToSingle(SseReciprocal.Approximate<SseReciprocal.Reciprocal<SseReciprocal.Short>>(source));
        double root = 1 / Math.Sqrt(BitConverter.UInt32BitsToSingle(source));
        float foundRoot = BitConverter.UInt32BitsToSingle(SseReciprocal.Approximate<SseReciprocal.ReciprocalRoot<SseReciprocal.Short>>(source));

        Math.Abs((found / exact) - 1).ShouldBeLessThan(1.5f / 4096);
        Math.Abs((foundRoot / root) - 1).ShouldBeLessThan(1.5 / 4096);
    }

    public static TheoryData<uint> Steps => [.. Enumerable.Range(0, 64).Select(i => 0x3F80_0000U + ((uint)i * 0x3_F7F1))];

    [Theory]
    [Habit(CpuHabits.DotProductLanesApart)]
    [InlineData(CpuVendor.Amd, new uint[] { 0xFFFF_FFFE, 0xFFFF_FFFE, 0xFFFF_FFFE, 0 })]
    [InlineData(CpuVendor.Intel, new uint[] { 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF, 0 })]
    public void Lanes_of_a_dot_product_keep_NaNs(CpuVendor vendor, uint[] expected)
    {
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a => a.vdpps(xmm2, xmm0, xmm0, 0xB7));
        Put(core, 0, 0xFFFF_FFFE, 0xFFFF_FFFF, 8, 0);

        core.Run(1);
        Get(core, 2)[..4].ShouldBe(expected);
    }

    [Theory]
    [Habit(CpuHabits.DotProductLanesApart)]
    [InlineData(CpuVendor.Amd, 0xFFFF_FFFF_FFFF_FFFFUL, 0xFFFF_FFFF_FFFF_FFFFUL)]
    [InlineData(CpuVendor.Intel, 0xFFFF_FFFF_FFFF_FFFFUL, 0xFFF8_0000_0000_0000UL)]
    public void So_do_those_of_two_doubles(CpuVendor vendor, ulong low, ulong high)
    {
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a => a.dppd(xmm0, xmm1, 0x3B));
        Put(core, 0, 0xFFFF_FFFF, 0xFFF7_FFFF, 0, 0xFFF8_0000);

        core.Run(1);
        uint[] lanes = Get(core, 0);
        (lanes[0] | ((ulong)lanes[1] << 32), lanes[2] | ((ulong)lanes[3] << 32)).ShouldBe((low, high));
    }

    internal static unsafe void Put(BareCore core, int register, params uint[] values) =>
        values.CopyTo(new Span<uint>(Operands.Vector(core.Core.Vcpu.State, (byte)register), 8));

    private static unsafe uint[] Get(BareCore core, int register) =>
        new Span<uint>(Operands.Vector(core.Core.Vcpu.State, (byte)register), 8).ToArray();
}
