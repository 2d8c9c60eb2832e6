using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>The first and the last page of the address space are pages like any other: unmapped, they fault.</summary>
public sealed class EdgeAddressTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(0xFFFUL)]
    [InlineData(0x1000UL)]
    [InlineData(0xFFFF_FFFF_FFFF_F000UL)]
    [InlineData(ulong.MaxValue)]
    public void A_load_and_a_store_where_nothing_is_fault_at_that_address(ulong address)
    {
        using BareCore load = Ready(a => a.mov(al, __byte_ptr[rbx]), address);
        using BareCore store = Ready(a => a.mov(__byte_ptr[rbx], al), address);
        using BareCore update = Ready(a => a.add(__byte_ptr[rbx], al), address);

        foreach (BareCore core in (BareCore[])[load, store, update])
        {
            CoreExit exit = core.Run();

            (exit.Kind, exit.Fault.Cr2.Raw).ShouldBe((CoreExitKind.PageFault, address));
        }
    }

    private static BareCore Ready(Action<Assembler> write, ulong address)
    {
        BareCore core = new BareCore().Assemble(write);
        core[Register.RBX] = address;
        return core;
    }
}
