using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Cpu;

/// <summary>Which blocks a write takes, against a list that compares every byte range.</summary>
public sealed class CodeFramesTests
{
    [Fact]
    public void A_write_takes_the_blocks_that_hold_one_of_its_bytes_and_no_other()
    {
        // Given few frames, so that ranges meet often, and one that lies outside every RAM
        Random random = new(3);
        ulong[] frames = [0, 1, 63, 64, 9000, 1UL << 36];
        CodeFrames code = new();
        List<(Pfn Frame, Block Block)> all = [];
        for (int step = 0; step < 20_000; step++)
        {
            Pfn frame = new(frames[random.Next(frames.Length)]);
            if (random.Next(2) == 0)
            {
                Add(code, all, MakeBlock(random, frame, step));
            }
            else
            {
                PhysAddr start = frame.Base + (ulong)random.Next(4096);
                int length = Math.Min(1 + random.Next(64), 4096 - (int)(start.Raw & 0xFFF));
                List<int> taken = [];
                code.Take(start, length, taken);

                List<(Pfn Frame, Block Block)> expected = [.. all.Where(one => one.Frame == frame && Overlaps(one.Block, start, length))];
                taken.ShouldBe(expected.Select(one => one.Block.Number), ignoreOrder: true, $"step {step}");
                all.RemoveAll(expected.Contains);
            }

            code.Holds(frame).ShouldBe(all.Exists(one => one.Frame == frame), $"step {step}");
        }
    }

    private static Block MakeBlock(Random random, Pfn frame, int number)
    {
        bool crosses = random.Next(8) == 0;
        int first = crosses ? 4090 : random.Next(4096 - 64);
        Block block = new() { Number = number, Rip = 0, Start = frame.Base + (ulong)first, Bars = StateBars.None, Use = BlockUse.Run };
        block.Take(new byte[crosses ? 10 : 1 + random.Next(64)], [], crosses ? new Pfn(frame.Raw ^ 1) : frame);
        return block;
    }

    private static void Add(CodeFrames code, List<(Pfn Frame, Block Block)> all, Block block)
    {
        code.Add(block.Number, block.Start, block.Code.Length, block.LastFrame);
        all.Add((block.Start.Frame, block));
        if (block.LastFrame != block.Start.Frame)
        {
            all.Add((block.LastFrame, block));
        }
    }

    private static bool Overlaps(Block block, PhysAddr start, int length) =>
        block.LastFrame != block.Start.Frame
        || (start.Raw < block.Start.Raw + (ulong)block.Code.Length && block.Start.Raw < start.Raw + (ulong)length);
}
