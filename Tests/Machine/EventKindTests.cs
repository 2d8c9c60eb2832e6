using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Machine;

/// <summary>Software interrupts are no exceptions, whatever their vector: error codes, RF, EXT, the gate's level, double faults.</summary>
public sealed class EventKindTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Handler = BareCore.Code + 0x1000;
    private const ulong Present = 1UL << 47;

    /// <summary>INT n with each vector up to 31, and one above.</summary>
    public static TheoryData<byte> Vectors => [.. Enumerable.Range(0, 32).Append(0x40).Select(n => (byte)n)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void INT_n_pushes_five_words_with_RF_clear_and_RIP_behind_it(byte vector)
    {
        // Given RF set before the instruction, and debug registers armed, so that RF counts
        using BareKernel kernel = Kernel("CD", vector).Gate((ExceptionVector)vector, Handler);
        kernel.Vcpu.Debug.Control = 2;
        kernel.Vcpu.Flags |= Rflags.RF;

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu.Rip, kernel.Vcpu[Gpr.Rsp]).ShouldBe((Handler + 1, BareKernel.KernelStack - 40));
        kernel.Read(BareKernel.KernelStack - 40).ShouldBe(Main + 2);
        (kernel.Read(BareKernel.KernelStack - 24) & Rflags.RF).ShouldBe(0UL);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(0x40)]
    public void An_absent_gate_of_INT_n_is_NP_at_the_instruction_and_no_double_fault(byte vector)
    {
        using BareKernel kernel = Kernel("CD", vector).CatchAll();
        Close(kernel, vector);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.NP, ((ulong)vector * 8) + 2, Main));

        (kernel.Read(kernel.Vcpu[Gpr.Rsp] + 24) & Rflags.RF).ShouldBe(Rflags.RF, "the fault is one of the instruction");
    }

    [Fact]
    public void A_page_fault_on_the_way_of_INT_0EH_is_a_page_fault_and_no_double_fault()
    {
        // Given a gate of vector 14 whose own stack is not there, and #PF through the same gate: that one is a double fault
        using BareKernel kernel = Kernel("CD", 14).CatchAll(ist: 1);
        kernel.Gate(ExceptionVector.PF, Handler, ist: 2);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.DF, 0, Main));

        // And with a gate out of the table it is plain #GP
        using BareKernel outside = Kernel("CD", 0x40).CatchAll();
        outside.Vcpu.Control.IdtLimit = 0x1FF;
        outside.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0x202, Main));
    }

    [Theory]
    [InlineData("CC", ExceptionVector.BP, 0x1A)]
    [InlineData("CD03", ExceptionVector.BP, 0x1A)]
    [InlineData("CD01", ExceptionVector.DB, 0x0A)]
    [InlineData("F1", ExceptionVector.DB, 0x0B)]
    public void An_absent_gate_shows_EXT_for_INT1_alone_and_the_fault_is_at_the_instruction(string bytes, ExceptionVector vector, ulong error)
    {
        using BareKernel kernel = Kernel(bytes).CatchAll();
        Close(kernel, (byte)vector);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.NP, error, Main));
    }

    [Theory]
    [InlineData("F1", ExceptionVector.DB, 0)]
    [InlineData("CD01", ExceptionVector.GP, 0x0A)]
    [InlineData("CD03", ExceptionVector.GP, 0x1A)]
    [InlineData("CC", ExceptionVector.GP, 0x1A)]
    [InlineData("CD08", ExceptionVector.GP, 0x42)]
    public void A_gate_that_is_closed_to_users_opens_for_INT1_alone(string bytes, ExceptionVector vector, ulong error)
    {
        using BareKernel kernel = new BareKernel().CatchAll()
            .At(Main, a => a.EnterUser(BareKernel.UserPage))
            .At(BareKernel.UserPage, a => a.db(Convert.FromHexString(bytes)));

        kernel.Catch(Main).ShouldBe(new CaughtException(vector, error, BareKernel.UserPage + (vector == ExceptionVector.DB ? 1UL : 0)));
    }

    [Theory]
    [InlineData("F1", false)]
    [InlineData("CD01", true)]
    public void General_detect_is_turned_off_by_INT1_and_not_by_INT_1(string bytes, bool stays)
    {
        using BareKernel kernel = Kernel(bytes).CatchAll();
        kernel.Vcpu.Debug.Control = DebugRegisters.GeneralDetect;

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        ((kernel.Vcpu.Debug.Control & DebugRegisters.GeneralDetect) != 0).ShouldBe(stays);
        kernel.Vcpu.Debug.Status.ShouldBe(0xFFFF_0FF0UL, "neither tells a reason");
    }

    [Fact]
    public void A_fault_shows_RF_and_a_double_fault_does_not()
    {
        using BareKernel fault = Kernel("0F0B").CatchAll();
        fault.Catch(Main);
        (fault.Read(fault.Vcpu[Gpr.Rsp] + 16) & Rflags.RF).ShouldBe(Rflags.RF);

        using BareKernel twice = Kernel("48F7F0").CatchAll();
        Close(twice, (byte)ExceptionVector.DE);
        twice.Vcpu[Gpr.Rax] = 0;
        twice.Catch(Main).Vector.ShouldBe(ExceptionVector.DF, "a divide error is contributory");
        (twice.Read(twice.Vcpu[Gpr.Rsp] + 24) & Rflags.RF).ShouldBe(0UL);
    }

    [Theory]
    [InlineData("CC", EventKind.SoftwareException, true)]
    [InlineData("CD03", EventKind.SoftwareInterrupt, true)]
    [InlineData("F1", EventKind.PrivilegedSoftwareException, true)]
    [InlineData("0F0B", EventKind.Exception, false)]
    [InlineData("CD81", EventKind.Exception, false)]
    public void A_runner_sees_the_kind_in_the_exit(string bytes, EventKind kind, bool asked)
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString(bytes));

        CoreExit exit = core.Run();

        (exit.Kind, exit.Event, exit.FromInstruction).ShouldBe((CoreExitKind.Exception, kind, asked));
    }

    /// <summary>Kinds that come from outside, and the classes of two events behind one another.</summary>
    [Fact]
    public void Interrupts_of_devices_are_benign_push_no_error_code_keep_RF_and_set_EXT()
    {
        foreach (EventKind kind in (EventKind[])[EventKind.NonMaskableInterrupt, EventKind.ExternalInterrupt])
        {
            Event interrupt = new(kind, ExceptionVector.GP, 0);
            (interrupt.HasErrorCode, interrupt.PushedRf, interrupt.External).ShouldBe((false, ResumeFlag.AsItIs, 1U));
            (interrupt.ChecksPrivilege, interrupt.IsOfInstruction, interrupt.Class).ShouldBe((false, false, EventClass.Benign));
        }
    }

    [Theory]
    [InlineData(ExceptionVector.UD, ExceptionVector.GP, ExceptionVector.GP)]
    [InlineData(ExceptionVector.UD, ExceptionVector.PF, ExceptionVector.PF)]
    [InlineData(ExceptionVector.DE, ExceptionVector.NP, ExceptionVector.DF)]
    [InlineData(ExceptionVector.TS, ExceptionVector.SS, ExceptionVector.DF)]
    [InlineData(ExceptionVector.GP, ExceptionVector.PF, ExceptionVector.PF)]
    [InlineData(ExceptionVector.PF, ExceptionVector.PF, ExceptionVector.DF)]
    [InlineData(ExceptionVector.PF, ExceptionVector.GP, ExceptionVector.DF)]
    [InlineData(ExceptionVector.DF, ExceptionVector.GP, null)]
    [InlineData(ExceptionVector.DF, ExceptionVector.PF, null)]
    public void Two_exceptions_behind_one_another_follow_the_double_fault_table(
        ExceptionVector first, ExceptionVector second, ExceptionVector? delivered)
    {
        Event.Exception(first, 0).Then(Event.Exception(second, 0))?.Vector.ShouldBe(delivered!.Value);
        (Event.Exception(first, 0).Then(Event.Exception(second, 0)) is null).ShouldBe(delivered is null);

        // And INT n never joins one
        new Event(EventKind.SoftwareInterrupt, first, 0).Then(Event.Exception(second, 0))?.Vector.ShouldBe(second);
    }

    /// <summary>Code at <see cref="Main"/> and HLT behind it and at <see cref="Handler"/>.</summary>
    private static BareKernel Kernel(string bytes, params byte[] more) => new BareKernel()
        .At(Main, a =>
        {
            a.db([.. Convert.FromHexString(bytes), .. more]);
            a.hlt();
        })
        .At(Handler, a => a.hlt());

    private static void Close(BareKernel kernel, byte vector)
    {
        if (kernel.Read(BareKernel.Idt + ((ulong)vector * 16)) == 0)
        {
            kernel.Gate((ExceptionVector)vector, Handler);
        }

        kernel.Write(BareKernel.Idt + ((ulong)vector * 16), kernel.Read(BareKernel.Idt + ((ulong)vector * 16)) & ~Present);
    }
}
