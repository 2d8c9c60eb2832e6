using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>What FXSAVE, FXRSTOR, XSAVE, XRSTOR and LDMXCSR refuse, and that they leave no trace then.</summary>
public sealed class XsaveFaultTests
{
    private const int Header = XsaveComponents.HeaderOffset;

    [Theory]
    [InlineData("fxsave64", 8)]
    [InlineData("fxrstor64", 8)]
    [InlineData("xsave64", 16)]
    [InlineData("xsaveopt64", 32)]
    [InlineData("xsavec64", 8)]
    [InlineData("xrstor64", 32)]
    public void A_misaligned_area_is_a_protection_fault(string name, int offset)
    {
        using BareCore core = Ready(name, offset);

        Outcome(core).ShouldBe((ExceptionVector.GP, BareCore.Code));
    }

    [Theory]
    [InlineData("XSTATE_BV names what XCR0 does not", Header + 1, 1)]
    [InlineData("XSTATE_BV bit 63", Header + 7, 0x80)]
    [InlineData("XCOMP_BV in the standard format", Header + 8, 1)]
    [InlineData("the bytes behind XCOMP_BV", Header + 16, 1)]
    [InlineData("reserved MXCSR bits", 26, 1)]
    public void A_standard_area_that_no_xsave_writes_is_refused(string what, int at, byte value)
    {
        using BareCore core = Ready("xrstor64", 0);
        core.DataBytes(at, 1)[0] |= value;

        Outcome(core).ShouldBe((ExceptionVector.GP, BareCore.Code), what);

        core.Core.Vcpu.Mxcsr.ShouldBe(0x1F80U);
    }

    [Theory]
    [InlineData("XCOMP_BV names what XCR0 does not", Header + 9, 1)]
    [InlineData("XSTATE_BV names what XCOMP_BV does not", Header + 8, 0)]
    [InlineData("the bytes behind XCOMP_BV", Header + 16, 1)]
    [InlineData("the last byte of the header", Header + 63, 1)]
    [InlineData("reserved MXCSR bits", 26, 1)]
    public void A_compacted_area_that_no_xsavec_writes_is_refused(string what, int at, byte value)
    {
        using BareCore core = Ready("xrstor64", 0);
        (core.DataBytes(Header, 1)[0], core.DataBytes(Header + 8, 1)[0], core.DataBytes(Header + 15, 1)[0]) = (7, 7, 0x80);
        core.DataBytes(at, 1)[0] = value;

        Outcome(core).ShouldBe((ExceptionVector.GP, BareCore.Code), what);
    }

    [Fact]
    public void The_end_of_the_header_is_nobodys_business_in_the_standard_format()
    {
        using BareCore core = Ready("xrstor64", 0);
        core.DataBytes(Header + 24, 40).Fill(0xFF);

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);
    }

    [Fact]
    public void A_processor_without_xsavec_refuses_the_compacted_format()
    {
        using BareCore core = Ready("xrstor64", 0);
        core.Core.Vcpu.Model = CpuModels.V3;
        (core.DataBytes(Header + 8, 1)[0], core.DataBytes(Header + 15, 1)[0]) = (7, 0x80);

        Outcome(core).ShouldBe((ExceptionVector.GP, BareCore.Code));
    }

    [Theory]
    [InlineData("fxsave64", 384, 511)]
    [InlineData("xsave64", 512, 831)]
    [InlineData("xsavec64", 512, 831)]
    public void An_area_whose_second_page_is_missing_is_not_written_at_all(string name, int inFirstPage, int last)
    {
        int start = (BareCore.DataPages * 4096) - inFirstPage;
        using BareCore core = Ready(name, start);
        core.DataBytes(start, inFirstPage).Fill(0xCC);

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Fault.Cr2.Raw).ShouldBe((CoreExitKind.PageFault, BareCore.Data + (ulong)(start + last)));
        core.DataBytes(start, inFirstPage).ContainsAnyExcept((byte)0xCC).ShouldBeFalse();
    }

    [Fact]
    public unsafe void An_area_whose_second_page_is_missing_is_not_restored_at_all()
    {
        int start = (BareCore.DataPages * 4096) - 640;
        using BareCore core = Ready("xrstor64", start);
        core.DataBytes(start, 640).Fill(0x11);
        FxImage.Reset(core.DataBytes(start, 512));
        core.DataBytes(start + Header, 64).Clear();
        core.DataBytes(start + Header, 1)[0] = 7;

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(CoreExitKind.PageFault);
        exit.Fault.Code.HasFlag(PageFaultCode.WR).ShouldBeFalse();
        new ReadOnlySpan<byte>(core.Core.Vcpu.State->Vectors, 512).ContainsAnyExcept((byte)0).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0x0001_1F80U)]
    [InlineData(0x8000_1F80U)]
    public void Ldmxcsr_and_fxrstor_refuse_reserved_bits(uint value)
    {
        foreach (string name in (string[])["ldmxcsr", "fxrstor64"])
        {
            using BareCore core = Ready(name, 0);
            BinaryPrimitives.WriteUInt32LittleEndian(core.DataBytes(name == "ldmxcsr" ? 0 : 24, 4), value);

            Outcome(core).ShouldBe((ExceptionVector.GP, BareCore.Code), name);
        }
    }

    [Theory]
    [InlineData(2U)]
    [InlineData(uint.MaxValue)]
    public void Xgetbv_knows_two_registers(uint number)
    {
        using BareCore core = new BareCore().Assemble(a => a.xgetbv());
        core[Register.RCX] = number;

        Outcome(core).ShouldBe((ExceptionVector.GP, BareCore.Code));
    }

    [Fact]
    public void Xgetbv_of_what_is_in_use_is_a_feature_of_its_own()
    {
        using BareCore core = new BareCore().Assemble(a => a.xgetbv());
        core.Core.Vcpu.Model = CpuModels.V3;
        core[Register.RCX] = 1;

        Outcome(core).ShouldBe((ExceptionVector.GP, BareCore.Code));
    }

    [Fact]
    public void Pkru_is_a_component_where_a_kernel_enables_it()
    {
        // Given XCR0 with PKRU, and a value in the register
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.xsavec64(__[rbx]);
            a.xrstor64(__[rsi]);
        });
        core.Core.Vcpu.Control.Xcr0 = 0x207;
        core.Core.Vcpu.Control.Pkru = 0x5555_5554;
        (core[Register.RAX], core[Register.RDX], core[Register.RBX], core[Register.RSI]) = (0x200, 0, BareCore.Data, BareCore.Data + 1024);
        core.DataBytes(0, 2048).Clear();

        // When it is saved packed, and then restored from an area that says it has its initial value
        core.Run(2).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        // Then it lies at once behind the header, and is zero
        BinaryPrimitives.ReadUInt64LittleEndian(core.DataBytes(576, 8)).ShouldBe(0x5555_5554UL);
        core.Core.Vcpu.Control.Pkru.ShouldBe(0U);
    }

    private static (ExceptionVector Vector, ulong Rip) Outcome(BareCore core)
    {
        CoreExit exit = core.Run(1);
        exit.Kind.ShouldBe(CoreExitKind.Exception);
        return (exit.Vector, core.Rip);
    }

    private static BareCore Ready(string name, int offset)
    {
        BareCore core = new BareCore().Assemble(a => Write(a, name));
        (core[Register.RAX], core[Register.RDX], core[Register.RBX]) = (7, 0, BareCore.Data + (ulong)offset);
        FxImage.Reset(core.DataBytes(0, 512));
        return core;
    }

    private static void Write(Assembler a, string name)
    {
        switch (name)
        {
            case "fxsave64":
                a.fxsave64(__[rbx]);
                break;
            case "fxrstor64":
                a.fxrstor64(__[rbx]);
                break;
            case "xsave64":
                a.xsave64(__[rbx]);
                break;
            case "xsaveopt64":
                a.xsaveopt64(__[rbx]);
                break;
            case "xsavec64":
                a.xsavec64(__[rbx]);
                break;
            case "xrstor64":
                a.xrstor64(__[rbx]);
                break;
            case "ldmxcsr":
                a.ldmxcsr(__dword_ptr[rbx]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(name));
        }
    }
}
