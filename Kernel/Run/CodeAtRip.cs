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
        // Mostly all of it lies in one page.
        if (system.Core.Mmu.TryPeek(new VirtAddr(rip), out PhysAddr first) && (first.Raw & 4095) <= 4096 - CodeBytes.Most)
        {
            return CodeBytes.Of(system.Memory.Ram.Slice(first, CodeBytes.Most));
        }

        Span<byte> bytes = stackalloc byte[CodeBytes.Most];
        int count = 0;
        while (count < bytes.Length && system.Core.Mmu.TryPeek(new VirtAddr(rip + (ulong)count), out PhysAddr where))
        {
            int chunk = (int)Math.Min((ulong)(bytes.Length - count), 4096 - (where.Raw & 4095));
            system.Memory.Ram.Slice(where, chunk).CopyTo(bytes[count..]);
            count += chunk;
        }

        return CodeBytes.Of(bytes[..count]);
    }
}
