using Iced.Intel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>The instruction at RIP in words, for messages; reading it leaves no trace in the machine.</summary>
internal static class InstructionText
{
    private const int LongestBytes = 15;

    /// <summary>The instruction's name and form.</summary>
    public static string At(TaskSystem system, ulong rip)
    {
        byte[] bytes = BytesAt(system, rip);
        Instruction instruction = Decode(bytes, rip);
        return instruction.IsInvalid ? Convert.ToHexStringLower(bytes) : instruction.OpCode.ToInstructionString();
    }

    /// <summary>The extensions of the instruction set that it belongs to, as their CPUID bits are called.</summary>
    public static string ExtensionsAt(TaskSystem system, ulong rip) => string.Join(' ', Decode(BytesAt(system, rip), rip).CpuidFeatures);

    private static Instruction Decode(byte[] bytes, ulong rip) => Decoder.Create(64, new ByteArrayCodeReader(bytes), rip).Decode();

    private static byte[] BytesAt(TaskSystem system, ulong rip)
    {
        byte[] bytes = new byte[LongestBytes];
        int count = 0;
        while (count < LongestBytes && system.Core.Mmu.TryPeek(new VirtAddr(rip + (ulong)count), out Leaf leaf, out _))
        {
            PhysAddr at = leaf.Entry.LeafFrame(leaf.Size).Base + ((rip + (ulong)count) & (leaf.Size.Bytes() - 1));
            bytes[count++] = system.Memory.Ram.ReadByte(at);
        }

        return bytes[..count];
    }
}
