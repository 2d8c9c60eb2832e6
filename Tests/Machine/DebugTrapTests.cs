using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Machine;

/// <summary>Traps that wait, traps that end a wait, and what DR6 tells of each.</summary>
public sealed class DebugTrapTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Handler = BareCore.Code + 0x1000;
    private const ulong Unset = 0xFFFF_0FF0;

    /// <summary>Breakpoint 1 watches four bytes for any use.</summary>
    private const ulong WatchData = 0x00F0_0008;
    private const string MoveSs = "8E13";
    private const string LoadFarPointer = "0FB223";

    [Theory]
    [InlineData(MoveSs, "CD40")]
    [InlineData(MoveSs, "CD0D")]
    [InlineData(MoveSs, "CC")]
    [InlineData(MoveSs, "0F05")]
    [InlineData(LoadFarPointer, "CD40")]
    [InlineData(LoadFarPointer, "CC")]
    public void A_trap_that_a_load_of_SS_holds_back_comes_at_the_first_instruction_of_the_handler(string load, string enter)
    {
        // Given a watch on the selector, and an instruction behind the load that enters the kernel
        using BareKernel kernel = Kernel(load + enter);
        Watch(kernel, load);

        // When they run
        kernel.Run(Main);

        // Then #DB interrupted the handler before its first instruction, and tells the watch
        (kernel.Vcpu[Gpr.R15], kernel.Read(kernel.Vcpu[Gpr.Rsp])).ShouldBe(((ulong)ExceptionVector.DB, Handler));
        (kernel.Vcpu.Debug.Status, kernel.Vcpu.Debug.Pending).ShouldBe((Unset | 2, 0UL));
    }

    [Fact]
    public void INT1_behind_the_load_of_SS_enters_its_handler_and_the_trap_enters_it_again()
    {
        using BareKernel kernel = Kernel(MoveSs + "F1").Gate(ExceptionVector.DB, Handler);
        Watch(kernel, MoveSs);

        // When the second entry is at its HLT
        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        kernel.Read(kernel.Vcpu[Gpr.Rsp]).ShouldBe(Handler);
        kernel.Read(kernel.Vcpu[Gpr.Rsp] + 40 + 8).ShouldBe(Main + 3);
    }

    [Theory]
    [InlineData("0F0B", ExceptionVector.UD)]
    [InlineData("8B0425000000F0", ExceptionVector.PF)]
    [InlineData("CD41", ExceptionVector.NP)]
    public void A_fault_behind_the_load_of_SS_drops_the_trap(string faulting, ExceptionVector vector)
    {
        using BareKernel kernel = Kernel(MoveSs + faulting);
        Watch(kernel, MoveSs);
        kernel.Gate((ExceptionVector)0x41, Handler);
        kernel.Write(BareKernel.Idt + 0x410, kernel.Read(BareKernel.Idt + 0x410) & ~(1UL << 47));

        CaughtException caught = kernel.Catch(Main);

        (caught.Vector, caught.Rip).ShouldBe((vector, Main + 2));
        (kernel.Vcpu.Debug.Status, kernel.Vcpu.Debug.Pending).ShouldBe((Unset, 0UL));
    }

    [Fact]
    public void A_runner_that_serves_SYSCALL_or_INT3_itself_gets_the_trap_before_the_next_instruction()
    {
        foreach (string enter in (string[])["0F05", "CC"])
        {
            using BareKernel kernel = Kernel(MoveSs + enter + "90");
            kernel.Vcpu.Traps = TrapMode.Exit;
            kernel.Vcpu.Control.Cs = 0x10;
            Watch(kernel, MoveSs, selector: 0x18);

            kernel.Run(Main).Vector.ShouldNotBe(ExceptionVector.DB);
            ulong behind = kernel.Vcpu.Rip;
            CoreExit exit = kernel.Bare.Run();

            (exit.Kind, exit.Vector, kernel.Vcpu.Rip).ShouldBe((CoreExitKind.Exception, ExceptionVector.DB, behind));
            kernel.Vcpu.Debug.Status.ShouldBe(Unset | 2);
        }
    }

    [Fact]
    public void A_halted_processor_goes_on_when_a_debug_exception_comes()
    {
        // Given HLT under TF, and HLT behind a load of SS that holds a trap back
        using BareKernel stepped = Kernel("F490");
        stepped.Vcpu.Flags |= Rflags.TF;
        using BareKernel held = Kernel(MoveSs + "F490");
        Watch(held, MoveSs);

        // Then both are interrupted behind it
        stepped.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.DB, 0, Main + 1));
        stepped.Vcpu.Debug.Status.ShouldBe(Unset | DebugRegisters.SingleStep);
        held.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.DB, 0, Main + 3));
        held.Vcpu.Debug.Status.ShouldBe(Unset | 2);
    }

    [Theory]
    [InlineData("90", 0x4002UL, 0x20UL, 0x4004UL)]
    [InlineData("90", 0x000BUL, 0x20UL, 0x0004UL)]
    [InlineData("90", 0x2009UL, 0x20UL, 0x2004UL)]
    [InlineData("8B03", 0x400DUL, WatchData, 0x4002UL)]
    [InlineData("0F21C0", 0x400FUL, DebugRegisters.GeneralDetect, 0x6000UL)]
    [InlineData("F1", 0x400FUL, 0UL, 0x400FUL)]
    [InlineData("CD01", 0x400FUL, 0UL, 0x400FUL)]
    public void B0_to_B3_tell_of_the_last_debug_exception_and_BD_and_BS_stay(string bytes, ulong before, ulong control, ulong after)
    {
        // Given breakpoint 2 at the instruction, breakpoint 1 at the data, and DR6 as an earlier #DB left it
        using BareKernel kernel = Kernel(bytes);
        Watch(kernel, MoveSs);
        kernel.Vcpu.Debug.Addresses[2] = Main;
        (kernel.Vcpu.Debug.Status, kernel.Vcpu.Debug.Control) = (before, control);

        kernel.Catch(Main).Vector.ShouldBe(ExceptionVector.DB);

        kernel.Vcpu.Debug.Status.ShouldBe(Unset | after);
    }

    [Fact]
    public void A_single_step_clears_the_bits_of_an_earlier_breakpoint()
    {
        using BareKernel kernel = Kernel("90");
        kernel.Vcpu.Debug.Status = 0x200F;
        kernel.Vcpu.Flags |= Rflags.TF;

        kernel.Catch(Main).Vector.ShouldBe(ExceptionVector.DB);

        kernel.Vcpu.Debug.Status.ShouldBe(Unset | 0x6000);
    }

    /// <summary>Code at <see cref="Main"/>; software interrupts and SYSCALL lead to NOPs at <see cref="Handler"/>, exceptions to handlers that halt.</summary>
    private static BareKernel Kernel(string bytes)
    {
        BareKernel kernel = new BareKernel().CatchAll()
            .At(Main, a =>
            {
                a.db(Convert.FromHexString(bytes));
                a.hlt();
            })
            .At(Handler, a =>
            {
                a.nop();
                a.hlt();
            })
            .Gate((ExceptionVector)0x40, Handler);
        (kernel.Vcpu.Control.Star, kernel.Vcpu.Control.LStar) = ((ulong)BareKernel.KernelCode << 32, Handler);
        kernel.Vcpu.Control.FMask = Rflags.TF;
        foreach (ExceptionVector own in (ExceptionVector[])[ExceptionVector.BP, ExceptionVector.GP])
        {
            kernel.Gate(own, Handler);
        }

        return kernel;
    }

    /// <summary>Watches the selector that the load takes from RBX on.</summary>
    private static void Watch(BareKernel kernel, string load, ushort selector = BareKernel.KernelData)
    {
        ulong at = load == LoadFarPointer ? BareCore.Data + 4 : BareCore.Data;
        kernel.Write(BareCore.Data, load == LoadFarPointer ? BareKernel.KernelStack | ((ulong)selector << 32) : selector);
        kernel.Vcpu[Gpr.Rbx] = BareCore.Data;
        kernel.Vcpu.Debug.Addresses[1] = at;
        kernel.Vcpu.Debug.Control = WatchData;
    }
}
