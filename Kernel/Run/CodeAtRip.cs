using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>The bytes of the instruction at RIP, for messages; reading them leaves no trace in the machine.</summary>
internal static class CodeAtRip
{
    /// <summary>What can be read from RIP on, as far as an instruction can reach.</summary>
    public static CodeBytes Read(TaskSystem system)
    {
        ulong rip = system.Core.Vcpu.Rip;
        Span<byte> bytes = stackalloc byte[CodeBytes.Most];
        int count = 0;
        while (count < bytes.Length && system.Core.Mmu.TryPeek(new VirtAddr(rip + (ulong)count), out Leaf leaf, out _))
        {
            PhysAddr at = leaf.Entry.LeafFrame(leaf.Size).Base + ((rip + (ulong)count) & (leaf.Size.Bytes() - 1));
            bytes[count++] = system.Memory.Ram.ReadByte(at);
        }

        return CodeBytes.Of(bytes[..count]);
    }
}
