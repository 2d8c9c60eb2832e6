using Iced.Intel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Boot;

/// <summary>The instruction at RIP in words, for messages; reading it leaves no trace in the machine.</summary>
internal static class InstructionText
{
    private const int LongestBytes = 15;

    /// <summary>The instruction's name and form.</summary>
    public static string At(TaskSystem system, ulong rip)
    {
        byte[] bytes = new byte[LongestBytes];
        int count = 0;
        while (count < LongestBytes && system.Core.Mmu.TryPeek(new VirtAddr(rip + (ulong)count), out Leaf leaf, out _))
        {
            PhysAddr at = leaf.Entry.LeafFrame(leaf.Size).Base + ((rip + (ulong)count) & (leaf.Size.Bytes() - 1));
            bytes[count++] = system.Memory.Ram.ReadByte(at);
        }

        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes, 0, count), rip);
        Instruction instruction = decoder.Decode();
        return instruction.IsInvalid ? Convert.ToHexStringLower(bytes.AsSpan(0, count)) : instruction.OpCode.ToInstructionString();
    }
}
