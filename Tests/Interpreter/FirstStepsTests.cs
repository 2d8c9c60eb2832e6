using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

public sealed class FirstStepsTests
{
    [Fact]
    public void A_loop_sums_memory_and_retires_exactly_its_instructions()
    {
        // Given a loop that stores its counter and adds it up again
        using BareCore core = new BareCore().Assemble(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(eax, eax);
            a.mov(ecx, 1000);
            a.Label(ref loop);
            a.mov(__qword_ptr[rbx], rcx);
            a.add(rax, __qword_ptr[rbx]);
            a.sub(ecx, 1);
            a.jne(loop);
            a.ud2();
        });
        core[Register.RBX] = BareCore.Data + 8;

        // When it runs to the end
        CoreExit exit = core.Run();

        // Then the sum, the exit and the count are exact
        exit.Kind.ShouldBe(CoreExitKind.Exception);
        exit.Vector.ShouldBe(ExceptionVector.UD);
        core[Register.RAX].ShouldBe(500500UL);
        core.Core.Retired.ShouldBe(4002UL);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(777)]
    public void A_budget_stops_exactly_behind_that_many_instructions(int budget)
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            a.add(rax, 1);
            a.add(rbx, 1);
            a.jmp(loop);
        });

        CoreExit exit = core.Run((ulong)budget);

        exit.Kind.ShouldBe(CoreExitKind.BudgetSpent);
        core.Core.Retired.ShouldBe((ulong)budget);
        core[Register.RAX].ShouldBe((ulong)((budget + 2) / 3));
        core[Register.RBX].ShouldBe((ulong)((budget + 1) / 3));
    }
}
