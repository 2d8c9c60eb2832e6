using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Tests.Cpu;

/// <summary>The layout that every engine shares.</summary>
public sealed unsafe class CpuStateTests
{
    [Fact]
    public void The_constant_offsets_are_those_of_the_layout()
    {
        CpuState state = default;
        byte* start = (byte*)&state;

        ((int)(state.Vectors - start)).ShouldBe(CpuState.VectorsOffset);
        ((int)((byte*)state.ReadLookAside - start)).ShouldBe(CpuState.ReadLookAsideOffset);
        ((int)((byte*)state.WriteLookAside - start)).ShouldBe(CpuState.WriteLookAsideOffset);
        ((int)((byte*)state.Slots - start)).ShouldBe(0);
    }
}
