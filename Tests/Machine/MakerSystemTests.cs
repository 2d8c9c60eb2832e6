using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Machine;

/// <summary>What a kernel meets differently on AMD's and Intel's processors: the rows of <see cref="CpuHabitTable"/>.</summary>
public sealed class MakerSystemTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Behind = 0x8000_0000_0000;
    private const ulong Unset = 0xFFFF_0FF0;

    /// <summary>Breakpoint 0 waits for the instruction at its address.</summary>
    private const ulong WatchCode = 2;

    /// <summary>Breakpoint 1 watches four bytes for any use; breakpoint 0 as in <see cref="WatchCode"/>.</summary>
    private const ulong WatchBoth = 0x00F0_000A;

    [Theory]
    [InlineData(CpuVendor.Amd, Behind, BareKernel.UserCode)]
    [InlineData(CpuVendor.Intel, Main, BareKernel.KernelCode)]
    [Habit(CpuHabits.SysretChecksTarget)]
    public void SYSRET_to_an_address_that_is_not_canonical_faults_at_CPL_3_on_AMD(CpuVendor vendor, ulong rip, ushort code)
    {
        using BareKernel kernel = Kernel("480F07", vendor);
        (kernel.Vcpu.Control.Star, kernel.Vcpu[Gpr.Rcx], kernel.Vcpu[Gpr.R11]) = (0x0013_0008_0000_0000, Behind, 2);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, rip));

        kernel.Read(kernel.Vcpu[Gpr.Rsp] + 16).ShouldBe(code);
    }

    [Theory]
    [InlineData(CpuVendor.Amd, 0x18)]
    [InlineData(CpuVendor.Intel, 0x1B)]
    [Habit(CpuHabits.SysretSetsStackLevel)]
    public void SYSRET_leaves_the_RPL_of_SS_to_STAR_on_AMD(CpuVendor vendor, ushort stack)
    {
        using BareKernel kernel = Kernel("480F07", vendor);
        (kernel.Vcpu.Control.Star, kernel.Vcpu[Gpr.Rcx], kernel.Vcpu[Gpr.R11]) = (0x0010_0008_0000_0000, BareKernel.UserPage, 2);

        kernel.Run(Main, 1);

        (kernel.Vcpu.Control.Cs, kernel.Vcpu.Control.Ss).ShouldBe((BareKernel.UserCode, stack));
    }

    [Theory]
    [InlineData(CpuVendor.Amd)]
    [InlineData(CpuVendor.Intel)]
    public void SYSCALL_takes_the_RPL_of_SS_from_STAR(CpuVendor vendor)
    {
        using BareKernel kernel = Kernel("0F05", vendor);
        (kernel.Vcpu.Control.Star, kernel.Vcpu.Control.LStar) = (0x000B_0000_0000, Main + 0x100);

        kernel.Run(Main, 1);

        (kernel.Vcpu.Control.Cs, kernel.Vcpu.Control.Ss).ShouldBe((BareKernel.KernelCode, (ushort)0x13));
    }

    [Theory]
    [InlineData("0F34", CpuVendor.Amd, ExceptionVector.UD)]
    [InlineData("0F34", CpuVendor.Intel, ExceptionVector.GP)]
    [InlineData("480F35", CpuVendor.Amd, ExceptionVector.UD)]
    [InlineData("480F35", CpuVendor.Intel, ExceptionVector.GP)]
    [InlineData("0F35", CpuVendor.Amd, ExceptionVector.UD)]
    [InlineData("0F35", CpuVendor.Intel, ExceptionVector.GP)]
    [Habit(CpuHabits.SysenterInLongMode)]
    public void SYSENTER_and_SYSEXIT_are_no_instructions_in_long_mode_on_AMD(string bytes, CpuVendor vendor, ExceptionVector vector)
    {
        // Given IA32_SYSENTER_CS null, which is #GP where they exist
        using BareKernel kernel = Kernel(bytes, vendor);

        kernel.Catch(Main).ShouldBe(new CaughtException(vector, 0, Main));
    }

    [Theory]
    [InlineData("0F34", CpuVendor.Amd, ExceptionVector.UD)]
    [InlineData("0F34", CpuVendor.Intel, ExceptionVector.GP)]
    [InlineData("0F35", CpuVendor.Amd, ExceptionVector.GP)]
    [InlineData("0F35", CpuVendor.Intel, ExceptionVector.GP)]
    [InlineData("F00F20C0", CpuVendor.Amd, ExceptionVector.GP)]
    [InlineData("F00F20C0", CpuVendor.Intel, ExceptionVector.UD)]
    [InlineData("F00F22C0", CpuVendor.Amd, ExceptionVector.GP)]
    [InlineData("F00F22C0", CpuVendor.Intel, ExceptionVector.UD)]
    [Habit(CpuHabits.SysenterInLongMode | CpuHabits.LockedCr0IsCr8)]
    public void At_CPL_3_the_level_is_judged_only_where_the_instruction_is_known(string bytes, CpuVendor vendor, ExceptionVector vector)
    {
        using BareKernel kernel = Kernel("90", vendor)
            .At(Main, a => a.EnterUser(BareKernel.UserPage))
            .At(BareKernel.UserPage, a => a.db(Convert.FromHexString(bytes)));

        kernel.Catch(Main).ShouldBe(new CaughtException(vector, 0, BareKernel.UserPage));
    }

    [Fact]
    [Habit(CpuHabits.LockedCr0IsCr8)]
    public void LOCK_MOV_CR0_names_CR8_on_AMD_and_CPUID_says_so()
    {
        using BareKernel amd = Kernel("F00F22C0F00F20C1", CpuVendor.Amd);
        amd.Vcpu[Gpr.Rax] = 9;
        amd.Run(Main, 2);
        (amd.Vcpu.Control.Cr8, amd.Vcpu[Gpr.Rcx]).ShouldBe((9UL, 9UL));
        (CpuidLeaves.Of(amd.Vcpu.Model, 0x8000_0001, 0, default).Ecx & 0x10).ShouldBe(0x10U);

        using BareKernel intel = Kernel("F00F22C0", CpuVendor.Intel);
        intel.Catch(Main).Vector.ShouldBe(ExceptionVector.UD);
        (CpuidLeaves.Of(intel.Vcpu.Model, 0x8000_0001, 0, default).Ecx & 0x10).ShouldBe(0U);
    }

    [Theory]
    [InlineData(CpuVendor.Amd, Main + 2, 1)]
    [InlineData(CpuVendor.Intel, Main + 3, 0)]
    [Habit(CpuHabits.BreakpointBehindStackSegment)]
    public void A_breakpoint_behind_a_load_of_SS_is_reported_on_AMD(CpuVendor vendor, ulong rip, ulong reported)
    {
        // Given breakpoints on the instruction behind the load and, so that Intel has a reason too, on the one behind that
        using BareKernel kernel = Kernel("8ED09090", vendor);
        kernel.Vcpu[Gpr.Rax] = BareKernel.KernelData;
        (kernel.Vcpu.Debug.Addresses[0], kernel.Vcpu.Debug.Addresses[1]) = (Main + 2, Main + 3);
        kernel.Vcpu.Debug.Control = WatchCode | (WatchCode << 2);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.DB, 0, rip));

        kernel.Vcpu.Debug.Status.ShouldBe(Unset | (reported != 0 ? 1UL : 2UL));
    }

    [Theory]
    [InlineData(CpuVendor.Amd, Main + 2, 3)]
    [InlineData(CpuVendor.Intel, Main + 3, 2)]
    [Habit(CpuHabits.BreakpointBehindStackSegment)]
    public void A_data_breakpoint_that_a_load_of_SS_holds_back_joins_the_one_behind_it(CpuVendor vendor, ulong rip, ulong reported)
    {
        using BareKernel kernel = Kernel("8E139090", vendor);
        kernel.Write(BareCore.Data, BareKernel.KernelData);
        kernel.Vcpu[Gpr.Rbx] = BareCore.Data;
        (kernel.Vcpu.Debug.Addresses[0], kernel.Vcpu.Debug.Addresses[1]) = (Main + 2, BareCore.Data);
        kernel.Vcpu.Debug.Control = WatchBoth;

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.DB, 0, rip));

        (kernel.Vcpu.Debug.Status, kernel.Vcpu.Debug.Pending).ShouldBe((Unset | reported, 0UL));
    }

    [Theory]
    [InlineData(CpuVendor.Amd, 4)]
    [InlineData(CpuVendor.Intel, 8)]
    [Habit(CpuHabits.ShortFarPointers)]
    public void A_far_CALL_with_REX_W_pushes_words_of_eight_bytes_whatever_the_pointer_has(CpuVendor vendor, int offset)
    {
        using BareKernel kernel = Kernel("48FF1B", vendor);
        kernel.Write(BareCore.Data, Main + 0x100);
        BitConverter.GetBytes(BareKernel.KernelCode).CopyTo(kernel.Bare.DataBytes(offset, 2));
        kernel.Vcpu[Gpr.Rbx] = BareCore.Data;

        kernel.Run(Main, 1);

        (kernel.Vcpu.Rip, kernel.Vcpu[Gpr.Rsp]).ShouldBe((Main + 0x100, BareKernel.KernelStack - 16));
        (kernel.Read(kernel.Vcpu[Gpr.Rsp]), kernel.Read(kernel.Vcpu[Gpr.Rsp] + 8)).ShouldBe((Main + 3, (ulong)BareKernel.KernelCode));
    }

    /// <summary>Code at <see cref="Main"/> of a processor of <paramref name="vendor"/>; exceptions lead to handlers that halt.</summary>
    private static BareKernel Kernel(string bytes, CpuVendor vendor)
    {
        BareKernel kernel = new BareKernel().CatchAll().At(Main, a => a.db(Convert.FromHexString(bytes)));
        kernel.Vcpu.Model = CpuModels.Max.MadeBy(vendor);
        return kernel;
    }
}
