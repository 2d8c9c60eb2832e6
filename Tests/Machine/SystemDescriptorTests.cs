using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Machine;

/// <summary>Descriptors of 16 bytes: what their upper halves may hold.</summary>
public sealed class SystemDescriptorTests
{
    private const ulong Main = BareCore.Code;
    private const ushort Selector = 0x38;
    private const ulong Tss = 0x0000_8900_5000_0067;
    private const ulong Ldt = 0x0000_8200_5000_0067;
    private const ulong Absent = 1UL << 47;
    private const ulong NotCanonical = 0xAAAA_AAAA;
    private const string Ltr = "0F00D8";
    private const string LtrFromMemory = "0F001B";
    private const string Lldt = "0F00D0";
    private const string LldtFromMemory = "0F0013";

    [Theory]
    [InlineData(Ltr, Tss, NotCanonical, ExceptionVector.GP)]
    [InlineData(Ltr, Tss, 0x0000_8000UL, ExceptionVector.GP)]
    [InlineData(Ltr, Tss, 0xFFFF_7FFFUL, ExceptionVector.GP)]
    [InlineData(Ltr, Tss, 1UL << 40, ExceptionVector.GP)]
    [InlineData(Ltr, Tss, 9UL << 40, ExceptionVector.GP)]
    [InlineData(Ltr, Tss, 1UL << 44, ExceptionVector.GP)]
    [InlineData(Ltr, Tss & ~Absent, 1UL << 40, ExceptionVector.GP)]
    [InlineData(Ltr, Tss & ~Absent, NotCanonical, ExceptionVector.NP)]
    [InlineData(LtrFromMemory, Tss, NotCanonical, ExceptionVector.GP)]
    [InlineData(LtrFromMemory, Tss, 9UL << 40, ExceptionVector.GP)]
    [InlineData(Lldt, Ldt, NotCanonical, ExceptionVector.GP)]
    [InlineData(Lldt, Ldt, 0x0000_8000UL, ExceptionVector.GP)]
    [InlineData(Lldt, Ldt, 2UL << 40, ExceptionVector.GP)]
    [InlineData(Lldt, Ldt, 1UL << 44, ExceptionVector.GP)]
    [InlineData(Lldt, Ldt & ~Absent, 1UL << 40, ExceptionVector.GP)]
    [InlineData(Lldt, Ldt & ~Absent, NotCanonical, ExceptionVector.NP)]
    [InlineData(LldtFromMemory, Ldt, NotCanonical, ExceptionVector.GP)]
    [InlineData(LldtFromMemory, Ldt, 2UL << 40, ExceptionVector.GP)]
    public void A_wrong_upper_half_is_refused_with_the_selector_and_loads_nothing(string bytes, ulong low, ulong high, ExceptionVector vector)
    {
        using BareKernel kernel = Loading(bytes, low, high).CatchAll();
        (ushort task, ushort local) = (kernel.Vcpu.Control.Tr, kernel.Vcpu.Control.Ldtr);

        kernel.Catch(Main).ShouldBe(new CaughtException(vector, Selector, Main));

        (kernel.Vcpu.Control.Tr, kernel.Vcpu.Control.Ldtr).ShouldBe((task, local));
        kernel.Read(BareKernel.Gdt + Selector).ShouldBe(low, "the task is not marked busy");
    }

    [Theory]
    [InlineData(Ltr, Tss, 0xFFFF_8000UL)]
    [InlineData(Ltr, Tss, 0x0000_7FFFUL)]
    [InlineData(Ltr, Tss, 0xFFFF_E0FF_0000_0000UL)]
    [InlineData(Lldt, Ldt, 0xFFFF_8000UL)]
    [InlineData(Lldt, Ldt, 0xFFFF_E0FF_0000_0000UL)]
    public void Canonical_bases_load_and_the_other_bits_of_the_upper_half_do_not_count(string bytes, ulong low, ulong high)
    {
        using BareKernel kernel = Loading(bytes, low, high).CatchAll();

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        ControlRegisters control = kernel.Vcpu.Control;
        kernel.Vcpu.Rip.ShouldBe(Main + 4);
        (bytes == Ltr ? control.TssBase : control.LdtBase).ShouldBe(0x5000 | (high << 32));
        (bytes == Ltr ? control.Tr : control.Ldtr).ShouldBe(Selector);
    }

    [Theory]
    [InlineData("48FF2B", 1UL << 40)]
    [InlineData("48FF2B", 1UL << 44)]
    [InlineData("48FF1B", 12UL << 40)]
    public void A_call_gate_with_a_wrong_upper_half_is_refused_with_its_selector(string bytes, ulong high)
    {
        // Given JMP or CALL through a gate to good code
        const ulong Gate = 0x8C00_0000_0000 | ((ulong)BareKernel.KernelCode << 16) | (Main & 0xFFFF) | ((Main & 0xFFFF_0000) << 32);
        using BareKernel kernel = Loading(bytes, Gate, high).CatchAll();
        kernel.Write(BareCore.Data, 0);
        kernel.Write(BareCore.Data + 8, Selector);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, Selector, Main));
    }

    /// <summary>One instruction and HLT; the descriptor stands at <see cref="Selector"/>, which is in AX and at RBX.</summary>
    private static BareKernel Loading(string bytes, ulong low, ulong high)
    {
        BareKernel kernel = new BareKernel().At(Main, a =>
        {
            a.db(Convert.FromHexString(bytes));
            a.hlt();
        });
        kernel.Vcpu.Model = CpuModels.Max.MadeBy(CpuVendor.Intel);
        kernel.Vcpu.Control.GdtLimit = 0x47;
        kernel.Write(BareKernel.Gdt + Selector, low);
        kernel.Write(BareKernel.Gdt + Selector + 8, high);
        kernel.Write(BareCore.Data, Selector);
        (kernel.Vcpu[Gpr.Rax], kernel.Vcpu[Gpr.Rbx]) = (Selector, BareCore.Data);
        return kernel;
    }
}
