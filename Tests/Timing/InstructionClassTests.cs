using Iced.Intel;
using MmuEmu.Emulator.Timing;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Timing;

public sealed class InstructionClassTests
{
    [Theory]
    [InlineData("add", InstructionClass.Alu)]
    [InlineData("lea", InstructionClass.Alu)]
    [InlineData("mov-load", InstructionClass.Move)]
    [InlineData("mov-cr3", InstructionClass.Serialising)]
    [InlineData("imul", InstructionClass.Multiply)]
    [InlineData("div32", InstructionClass.Divide32)]
    [InlineData("div64", InstructionClass.Divide64)]
    [InlineData("div64-memory", InstructionClass.Divide64)]
    [InlineData("shl", InstructionClass.Shift)]
    [InlineData("call", InstructionClass.CallReturn)]
    [InlineData("ret", InstructionClass.CallReturn)]
    [InlineData("jne", InstructionClass.Branch)]
    [InlineData("movsd-string", InstructionClass.StringStep)]
    [InlineData("movsd-sse", InstructionClass.VectorInteger)]
    [InlineData("addsd", InstructionClass.FloatAdd)]
    [InlineData("divpd", InstructionClass.FloatDivide)]
    [InlineData("cvtsi2sd", InstructionClass.Convert)]
    [InlineData("fadd", InstructionClass.X87)]
    [InlineData("lock-inc", InstructionClass.Locked)]
    [InlineData("xchg-memory", InstructionClass.Locked)]
    [InlineData("xchg-register", InstructionClass.Alu)]
    [InlineData("syscall", InstructionClass.SystemCall)]
    [InlineData("cpuid", InstructionClass.Serialising)]
    [InlineData("iretq", InstructionClass.Serialising)]
    [InlineData("mfence", InstructionClass.Fence)]
    [InlineData("push", InstructionClass.Stack)]
    public void An_instruction_falls_into_its_class(string which, InstructionClass expected) =>
        InstructionClasses.Of(Assemble(which)).ShouldBe(expected);

    [Fact]
    public void Every_instruction_that_iced_knows_has_a_class_and_a_price()
    {
        foreach (Code code in Enum.GetValues<Code>())
        {
            Instruction instruction = new() { Code = code };
            MachinePresets.Zen5.CyclesOf(InstructionClasses.Of(instruction)).ShouldBePositive();
        }
    }

    [Fact]
    public void Branches_are_what_iced_calls_branches()
    {
        foreach (Code code in Enum.GetValues<Code>())
        {
            Instruction instruction = new() { Code = code };
            bool branch = instruction.FlowControl
                is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch or FlowControl.IndirectBranch;
            (InstructionClasses.Of(instruction) == InstructionClass.Branch).ShouldBe(branch, code.ToString());
        }
    }

    private static Instruction Assemble(string which)
    {
        Assembler a = new(64);
        Emit(a, which);
        return a.Instructions[0];
    }

    private static void Emit(Assembler a, string which)
    {
        switch (which)
        {
            case "add": a.add(rax, rbx); break;
            case "lea": a.lea(rax, __[rbx + 8]); break;
            case "mov-load": a.mov(rax, __[rbx]); break;
            case "mov-cr3": a.mov(cr3, rax); break;
            case "imul": a.imul(rax, rbx); break;
            case "div32": a.div(ecx); break;
            case "div64": a.idiv(rcx); break;
            case "div64-memory": a.div(__qword_ptr[rcx]); break;
            case "shl": a.shl(rax, 3); break;
            case "call": a.call(0x1000); break;
            case "ret": a.ret(); break;
            case "jne": a.jne(0x1000); break;
            case "movsd-string": a.movsd(); break;
            case "movsd-sse": a.movsd(xmm0, xmm1); break;
            case "addsd": a.addsd(xmm0, xmm1); break;
            case "divpd": a.divpd(xmm0, xmm1); break;
            case "cvtsi2sd": a.cvtsi2sd(xmm0, rax); break;
            case "fadd": a.fadd(st0, st1); break;
            case "lock-inc": a.@lock.inc(__dword_ptr[rax]); break;
            case "xchg-memory": a.xchg(__[rax], rbx); break;
            case "xchg-register": a.xchg(rax, rbx); break;
            case "syscall": a.syscall(); break;
            case "cpuid": a.cpuid(); break;
            case "iretq": a.iretq(); break;
            case "mfence": a.mfence(); break;
            case "push": a.push(rax); break;
            default: throw new ArgumentOutOfRangeException(nameof(which));
        }
    }
}
