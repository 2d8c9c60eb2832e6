using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at address spaces.</summary>
internal static class SpaceLook
{
    /// <summary>The living space with that number, or null.</summary>
    public static AddressSpace? Find(MemorySystem mem, int space)
    {
        foreach (AddressSpace living in mem.Spaces)
        {
            if (living.Tag.Id == space)
            {
                return living;
            }
        }

        return null;
    }

    /// <summary>All of them, oldest first.</summary>
    public static IReadOnlyList<SpaceView> All(TaskSystem system)
    {
        List<SpaceView> spaces = [];
        foreach (AddressSpace space in system.Memory.Spaces)
        {
            spaces.Add(At(system, space));
        }

        return spaces;
    }

    /// <summary>One of them.</summary>
    public static SpaceView At(TaskSystem system, AddressSpace space) => new(space.Tag.Id, space.Tag.Root, space.Tag.Pcid)
    {
        Pids = PidsOf(system, space),
        Processors = ProcessorsOf(system, space),
        VmaCount = space.Vmas.Count,
        MappedBytes = space.Vmas.TotalBytes,
        Heap = new VirtRange(space.BrkStart, space.Brk),
        AnonPages = space.Rss.Anon,
        FilePages = space.Rss.File,
        ShmemPages = space.Rss.Shmem,
        SwapPages = space.Rss.Swap,
        TablePages = space.Rss.Tables,
        PeakPages = space.Rss.Peak,
    };

    private static List<int> PidsOf(TaskSystem system, AddressSpace space)
    {
        List<int> pids = [];
        foreach (Process process in system.Processes.All)
        {
            if (process.Memory?.Space == space)
            {
                pids.Add(process.Pid);
            }
        }

        return pids;
    }

    private static List<int> ProcessorsOf(TaskSystem system, AddressSpace space)
    {
        List<int> numbers = [];
        foreach (Processor processor in system.Processors.All)
        {
            if (processor.Guest.Space == space)
            {
                numbers.Add(processor.Number);
            }
        }

        return numbers;
    }
}
