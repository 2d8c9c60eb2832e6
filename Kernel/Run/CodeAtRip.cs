using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>The bytes of the instruction at RIP, for messages; reading them leaves no trace in the machine.</summary>
internal static class CodeAtRip
{
    /// <summary>What can be read from RIP on, as far as an instruction can reach.</summary>
    public static CodeBytes Read(TaskSystem system) => ReadAt(system, system.Core.Vcpu.Rip);

    /// <summary>What can be read from <paramref name="rip"/> on.</summary>
    public static CodeBytes ReadAt(TaskSystem system, ulong rip)
    {
        Span<byte> bytes = stackalloc byte[CodeBytes.Most];
        int count = 0;
        while (count < bytes.Length && system.Core.Mmu.TryPeek(new VirtAddr(rip + (ulong)count), out Leaf leaf, out _))
        {
            ulong offset = (rip + (ulong)count) & (leaf.Size.Bytes() - 1);
            int chunk = (int)Math.Min((ulong)(bytes.Length - count), 4096 - (offset & 4095));
            system.Memory.Ram.Slice(leaf.Entry.LeafFrame(leaf.Size).Base + offset, chunk).CopyTo(bytes[count..]);
            count += chunk;
        }

        return CodeBytes.Of(bytes[..count]);
    }
}
