using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Timing;

namespace MmuEmu.Emulator.Interpreter.Dispatch;

/// <summary>Prices retired blocks; shapes and the sum over a whole block are worked out once.</summary>
internal sealed class BlockPricing
{
    private readonly ShapeReader _reader = new();

    /// <summary>The first <paramref name="retired"/> instructions of <paramref name="block"/> have retired.</summary>
    public void Retire(CycleModel clock, Block block, int retired)
    {
        if (retired == block.Instructions.Length)
        {
            clock.Retire(CostOf(clock.Preset, block));
            return;
        }

        InstructionShape[] shapes = ShapesOf(block);
        for (int i = 0; i < retired; i++)
        {
            clock.Retire(shapes[i].Class);
        }
    }

    private InstructionShape[] ShapesOf(Block block)
    {
        if (block.Shapes.Length == 0)
        {
            block.Know(Array.ConvertAll(block.Instructions, instruction => _reader.Of(instruction)));
        }

        return block.Shapes;
    }

    private BlockCost CostOf(MachinePreset preset, Block block)
    {
        if (block.Cost.Instructions == 0)
        {
            BlockCost sum = default;
            foreach (InstructionShape shape in ShapesOf(block))
            {
                sum = sum.Plus(shape.Class, preset);
            }

            block.Know(sum);
        }

        return block.Cost;
    }
}
