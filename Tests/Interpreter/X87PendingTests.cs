using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>An unmasked x87 exception stays pending until an instruction that waits for it.</summary>
public sealed unsafe class X87PendingTests
{
    private static readonly Dictionary<string, Action<Assembler>> Waiting = new()
    {
        ["fld1"] = a => a.fld1(),
        ["fadd"] = a => a.fadd(__dword_ptr[rbx]),
        ["fstp"] = a => a.fstp(__qword_ptr[rbx]),
        ["fisttp"] = a => a.fisttp(__dword_ptr[rbx]),
        ["fsin"] = a => a.fsin(),
        ["fxam"] = a => a.fxam(),
        ["fnop"] = a => a.fnop(),
        ["fincstp"] = a => a.fincstp(),
        ["ffree"] = a => a.ffree(st1),
        ["fldcw"] = a => a.fldcw(__word_ptr[rbx]),
        ["fldenv"] = a => a.fldenv(__[rbx]),
        ["frstor"] = a => a.frstor(__[rbx]),
        ["wait"] = a => a.wait(),
        ["emms"] = a => a.emms(),
        ["movq mm"] = a => a.movq(mm1, mm2),
        ["movd mm, mem"] = a => a.movd(mm1, __dword_ptr[rbx]),
        ["paddb mm"] = a => a.paddb(mm1, mm2),
        ["pshufw mm"] = a => a.pshufw(mm1, mm2, 3),
        ["cvtpi2ps mm"] = a => a.cvtpi2ps(xmm1, mm2),
        ["movq2dq"] = a => a.movq2dq(xmm1, mm2),
        ["maskmovq"] = a => a.maskmovq(mm1, mm2),
    };

    private static readonly Dictionary<string, Action<Assembler>> NotWaiting = new()
    {
        ["fninit"] = a => a.fninit(),
        ["fnclex"] = a => a.fnclex(),
        ["fnstsw"] = a => a.fnstsw(ax),
        ["fnstcw"] = a => a.fnstcw(__word_ptr[rbx]),
        ["fnstenv"] = a => a.fnstenv(__[rbx]),
        ["fnsave"] = a => a.fnsave(__[rbx]),
        ["fxsave"] = a => a.fxsave64(__[rbx]),
        ["fxrstor"] = a => a.fxrstor64(__[rbx]),
        ["cvtpi2pd mem"] = a => a.cvtpi2pd(xmm1, __qword_ptr[rbx]),
    };

    public static TheoryData<string> WaitingNames => [.. Waiting.Keys];

    public static TheoryData<string> NotWaitingNames => [.. NotWaiting.Keys];

    [Theory]
    [MemberData(nameof(WaitingNames))]
    public void An_instruction_that_waits_raises_the_pending_exception_and_changes_nothing(string name)
    {
        // Given a pending division by zero
        using BareCore core = WithPending(Waiting[name]);
        byte[] before = Image(core);

        // When the instruction runs
        CoreExit exit = core.Run(1);

        // Then it is #MF at its own address, and the x87 state is what it was
        (exit.Kind, exit.Vector, core.Rip).ShouldBe((CoreExitKind.Exception, ExceptionVector.MF, BareCore.Code));
        Image(core).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(NotWaitingNames))]
    public void An_instruction_that_does_not_wait_runs(string name)
    {
        using BareCore core = WithPending(NotWaiting[name]);

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(CoreExitKind.BudgetSpent);
    }

    [Fact]
    public void A_pending_exception_comes_before_a_page_fault_of_the_operand()
    {
        using BareCore core = WithPending(a => a.fadd(__dword_ptr[rbx]));
        core[Register.RBX] = 0x1234_5678_9000;

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Vector).ShouldBe((CoreExitKind.Exception, ExceptionVector.MF));
    }

    [Fact]
    public void An_operand_that_faults_leaves_the_pointers_of_the_last_instruction()
    {
        // Given a load that worked and an addition that will not
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.fld(__dword_ptr[rbx]);
            a.fadd(__dword_ptr[rcx]);
        });
        core[Register.RBX] = BareCore.Data;
        core[Register.RCX] = 0x1234_5678_9000;

        // When both run
        core.Run(2).Kind.ShouldBe(CoreExitKind.PageFault);

        // Then address and operand are those of the load
        CpuState* s = core.Core.Vcpu.State;
        (s->FpuIp, s->FpuDp, s->FpuOpcode).ShouldBe((BareCore.Code, BareCore.Data, (ushort)0x103));
    }

    private static BareCore WithPending(Action<Assembler> code)
    {
        BareCore core = new BareCore().Assemble(code);
        core[Register.RBX] = BareCore.Data;
        core[Register.RDI] = BareCore.Data;
        CpuState* s = core.Core.Vcpu.State;
        s->FpuControl = 0x037B;
        s->FpuStatus = 0x8084;
        s->FpuInUse = 0x0F;
        return core;
    }

    private static byte[] Image(BareCore core)
    {
        byte[] image = new byte[512];
        FxImage.Save(core.Core.Vcpu, image);
        return image;
    }
}
