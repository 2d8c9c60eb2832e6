using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Cpu;

public sealed class LookAsideTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(0x1000UL)]
    [InlineData(0xFFFF_FFFF_FFFF_F000UL)]
    [InlineData(0xFFFF_FFFF_FFFF_FFF8UL)]
    [InlineData(0x8000_0000_0000_0000UL)]
    public void No_address_matches_an_empty_entry(ulong address)
    {
        // Given a core that has touched nothing yet
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(rax, __qword_ptr[rbx]);
            a.ud2();
        });
        core[Register.RBX] = address;

        // When it reads there
        CoreExit exit = core.Run();

        // Then the access reaches the MMU and faults
        exit.Kind.ShouldNotBe(CoreExitKind.None);
        core.Rip.ShouldBe(BareCore.Code);
        core.Core.Retired.ShouldBe(0UL);
    }
}
