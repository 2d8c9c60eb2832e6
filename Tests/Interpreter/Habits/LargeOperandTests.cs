using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter.Habits;

/// <summary>Which byte of a large operand faults first, and what a misaligned area is; measured on both makers' processors.</summary>
public sealed class LargeOperandTests
{
    private const ulong End = BareCore.Data + (BareCore.DataPages << 12);
    private const ulong Nowhere = 0x90_0000;

    [Theory]
    [InlineData("fldenv", 4, 27)]
    [InlineData("fldenv", 3, 3)]
    [InlineData("fldenv short", 2, 13)]
    [InlineData("fldenv short", 1, 1)]
    [InlineData("fnstenv", 8, 27)]
    [InlineData("fnstenv short", 6, 13)]
    [InlineData("fnsave", 16, 107)]
    [InlineData("fnsave", 1, 1)]
    [InlineData("frstor", 5, 107)]
    [InlineData("fxsave", 16, 511)]
    [InlineData("fxrstor", 496, 511)]
    [InlineData("xsave", 64, 831)]
    [InlineData("xsavec", 576, 831)]
    [InlineData("xrstor", 64, 512)]
    [InlineData("xrstor", 512, 512)]
    [InlineData("xrstor", 576, 831)]
    public void With_the_second_page_missing_the_fault_is_at(string name, int before, int offset)
    {
        foreach (CpuVendor vendor in (CpuVendor[])[CpuVendor.Amd, CpuVendor.Intel])
        {
            FaultOf(vendor, name, End - (ulong)before).ShouldBe(End - (ulong)before + (ulong)offset, $"{vendor}");
        }
    }

    [Theory]
    [Habit(CpuHabits.XsavecHeaderFirst)]
    [InlineData("fldenv", 0, 0)]
    [InlineData("fnsave", 0, 0)]
    [InlineData("fxsave", 511, 511)]
    [InlineData("fxrstor", 511, 511)]
    [InlineData("xsavec", 0, 0x23F)]
    public void With_no_page_there_the_fault_is_at(string name, int amd, int intel)
    {
        FaultOf(CpuVendor.Amd, name, Nowhere).ShouldBe(Nowhere + (ulong)amd);
        FaultOf(CpuVendor.Intel, name, Nowhere).ShouldBe(Nowhere + (ulong)intel);
    }

    [Theory]
    [InlineData("fnsave")]
    [InlineData("fxsave")]
    [InlineData("fxrstor")]
    [InlineData("xsavec")]
    public void With_the_first_page_missing_alone_the_fault_is_at_its_first_byte(string name) =>
        FaultOf(CpuVendor.Amd, name, BareCore.Data - 64).ShouldBe(BareCore.Data - 64);

    [Theory]
    [Habit(CpuHabits.XsaveChecksAlignment)]
    [InlineData("fxsave", 2, ExceptionVector.AC, ExceptionVector.AC)]
    [InlineData("fxsave", 4, ExceptionVector.GP, ExceptionVector.GP)]
    [InlineData("fxrstor", 14, ExceptionVector.AC, ExceptionVector.AC)]
    [InlineData("fxrstor", 8, ExceptionVector.GP, ExceptionVector.GP)]
    [InlineData("xsave", 63, ExceptionVector.GP, ExceptionVector.AC)]
    [InlineData("xsavec", 17, ExceptionVector.GP, ExceptionVector.AC)]
    [InlineData("xrstor", 27, ExceptionVector.GP, ExceptionVector.AC)]
    public void A_misaligned_area_under_AC_is(string name, int offset, ExceptionVector amd, ExceptionVector intel)
    {
        foreach ((CpuVendor vendor, ExceptionVector expected) in ((CpuVendor, ExceptionVector)[])[(CpuVendor.Amd, amd), (CpuVendor.Intel, intel)])
        {
            using BareCore core = Ready(vendor, name, BareCore.Data + (ulong)offset);
            core.SetFlags(Rflags.AC);

            CoreExit exit = core.Run(1);

            (exit.Kind, exit.Vector).ShouldBe((CoreExitKind.Exception, expected), $"{vendor}");
        }
    }

    [Theory]
    [InlineData("0FAE4500", ExceptionVector.SS)]
    [InlineData("0FAE4D00", ExceptionVector.SS)]
    [InlineData("0FAE6500", ExceptionVector.GP)]
    [InlineData("0FAE6D00", ExceptionVector.GP)]
    public void A_misaligned_area_that_is_not_canonical_is_a_stack_fault_of_FXSAVE_and_FXRSTOR_alone(string code, ExceptionVector expected)
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString(code));
        core[Register.RBP] = 0x1000_0000_0000_0004;

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Vector).ShouldBe((CoreExitKind.Exception, expected));
    }

    [Theory]
    [InlineData("D923", 0x0000_7FFF_FFFF_FFF0UL, CoreExitKind.PageFault)]
    [InlineData("0FAE03", 0x0000_7FFF_FFFF_FFF0UL, CoreExitKind.Exception)]
    public void Where_canonical_addresses_end_within_the_operand_what_is_asked_for_first_counts(string code, ulong address, CoreExitKind kind)
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString(code));
        core[Register.RBX] = address;

        core.Run(1).Kind.ShouldBe(kind);
    }

    [Fact]
    public void Under_a_32_bit_address_size_the_last_byte_is_sought_from_zero_on()
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString("670FAE03"));
        core[Register.RBX] = 0xFFFF_FFF0;

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);

        core.Core.Vcpu.Control.Cr2.ShouldBe(0x1EFUL);
    }

    private static ulong FaultOf(CpuVendor vendor, string name, ulong address)
    {
        using BareCore core = Ready(vendor, name, address);
        int last = BareCore.DataPages << 12;
        core.DataBytes(0, last).Clear();
        if (name == "xrstor" && address < End && End - address > 512)
        {
            core.DataBytes((int)(address - BareCore.Data) + 512, 1)[0] = 7;
        }

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(CoreExitKind.PageFault);
        core.Core.Vcpu.Control.Cr2.ShouldBe(exit.Fault.Cr2.Raw);
        return exit.Fault.Cr2.Raw;
    }

    private static BareCore Ready(CpuVendor vendor, string name, ulong address)
    {
        BareCore core = new BareCore().Load(Convert.FromHexString(name switch
        {
            "fldenv" => "D923",
            "fldenv short" => "66D923",
            "fnstenv" => "D933",
            "fnstenv short" => "66D933",
            "fnsave" => "DD33",
            "frstor" => "DD23",
            "fxsave" => "0FAE03",
            "fxrstor" => "0FAE0B",
            "xsave" => "0FAE23",
            "xsavec" => "0FC723",
            "xrstor" => "0FAE2B",
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        }));
        core.Core.Vcpu.Model = CpuModels.Max.MadeBy(vendor);
        (core[Register.RAX], core[Register.RDX], core[Register.RBX]) = (7, 0, address);
        return core;
    }
}
