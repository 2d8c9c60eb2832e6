using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Prefetches, flushes and other instructions without a result.</summary>
public sealed class HintTests
{
    private const ulong Missing = 0x1000_0040;

    [Theory]
    [InlineData("0F1803")]
    [InlineData("0F180B")]
    [InlineData("0F1813")]
    [InlineData("0F181B")]
    [InlineData("0F0D0B")]
    [InlineData("0F1F03")]
    [Spec("P-043")]
    public void A_prefetch_of_a_missing_page_does_nothing(string bytes)
    {
        using BareCore core = At(bytes, Missing);

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        core.Core.Vcpu.Control.Cr2.ShouldBe(0UL);
    }

    [Fact]
    [Spec("P-043")]
    public void A_flush_is_checked_as_a_load_is()
    {
        using BareCore missing = At("0FAE3B", Missing);
        CoreExit exit = missing.Run(1);
        exit.Fault.ShouldBe(new PageFault(new VirtAddr(Missing), PageFaultCode.US));

        using BareCore readOnly = At("0FAE3B", Missing);
        readOnly.Map(Missing, 0x600, PteBits.P | PteBits.US);
        readOnly.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);
    }

    [Theory]
    [InlineData("F30F1EFA")]
    [InlineData("F390")]
    [InlineData("0FAEF0")]
    [InlineData("0FAEE8")]
    [InlineData("0FAEF8")]
    [InlineData("F3480F1EC8")]
    [InlineData("660F1F840000000000")]
    public void Hints_change_nothing_but_the_instruction_pointer(string bytes)
    {
        using BareCore core = At(bytes, Missing);
        core.SetFlags(Rflags.Arithmetic);

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        (core.Rip, core.Core.Vcpu[Gpr.Rax], core.Flags & Rflags.Arithmetic)
            .ShouldBe((BareCore.Code + (ulong)(bytes.Length / 2), 0UL, Rflags.Arithmetic));
    }

    [Theory]
    [InlineData("488B03", ulong.MaxValue - 7)]
    [InlineData("488903", ulong.MaxValue - 7)]
    [InlineData("8A03", ulong.MaxValue)]
    [InlineData("488B03", 0xFFFF_8000_0000_0000)]
    public void The_upper_half_of_the_address_space_is_there_to_fault(string bytes, ulong address)
    {
        using BareCore core = At(bytes, address);

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Fault.Cr2.Raw).ShouldBe((CoreExitKind.PageFault, address));
    }

    [Fact]
    public void An_access_that_wraps_around_the_address_space_does_not_reach_the_host()
    {
        using BareCore core = At("488B03", ulong.MaxValue - 3);

        core.Run(1).Kind.ShouldBeOneOf(CoreExitKind.PageFault, CoreExitKind.Exception);
    }

    private static BareCore At(string bytes, ulong address)
    {
        BareCore core = new BareCore().Load(Convert.FromHexString(bytes));
        core.Core.Vcpu[Gpr.Rbx] = address;
        return core;
    }
}
