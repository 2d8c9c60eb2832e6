using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Proc;

/// <summary>A file of /proc that tells of the machine as a whole.</summary>
internal enum MachineFile
{
    /// <summary>meminfo.</summary>
    Memory,

    /// <summary>cpuinfo.</summary>
    Processors,

    /// <summary>uptime.</summary>
    UpTime,

    /// <summary>loadavg.</summary>
    Load,

    /// <summary>stat.</summary>
    Statistics,
}

/// <summary>The texts of /proc about the machine.</summary>
/// <remarks>Source: [Linux fs/proc/meminfo.c, stat.c, uptime.c, loadavg.c].</remarks>
internal sealed class MachineText(TaskSystem system, MachineFile file) : ITextSource
{
    public string Text() => file switch
    {
        MachineFile.Memory => MemoryText(),
        MachineFile.Processors => CpuText(),
        MachineFile.UpTime => string.Create(CultureInfo.InvariantCulture, $"{Seconds(system.Clock.NowNs)} 0.00\n"),
        MachineFile.Load => string.Create(CultureInfo.InvariantCulture, $"0.00 0.00 0.00 1/{system.Processes.ThreadCount} {ProcessTable.FirstPid}\n"),
        MachineFile.Statistics => StatText(),
    };

    private static string Seconds(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds / 10_000_000 % 100:00}");

    private string CpuText()
    {
        StringBuilder text = new();
        foreach (Processor processor in system.Processors.All)
        {
            text.Append(CpuInfoText.Of(processor.Core.Vcpu));
        }

        return text.ToString();
    }

    private string StatText()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"cpu  {Ticks(system.Processors.Cores.Retired)} 0 0 0 0 0 0 0 0 0\n");
        foreach (Processor processor in system.Processors.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"cpu{processor.Number} {Ticks(processor.Core.Retired)} 0 0 0 0 0 0 0 0 0\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"btime {VirtualClock.EpochNs / 1_000_000_000}\n").ToString();
    }

    private static ulong Ticks(ulong instructions) => instructions / 10_000_000;

    private string MemoryText()
    {
        MemorySystem mem = system.Memory;
        StringBuilder text = new();
        void Line(string name, ulong kibibytes) => text.Append(CultureInfo.InvariantCulture, $"{name + ":",-16}{kibibytes,8} kB\n");
        Line("MemTotal", mem.Buddy.ManagedCount * 4);
        Line("MemFree", mem.Buddy.FreeCount * 4);
        Line("MemAvailable", mem.Buddy.FreeCount * 4);
        Line("Buffers", 0);
        Line("Cached", (ulong)(mem.Lru[Frames.LruKind.InactiveFile].Count + mem.Lru[Frames.LruKind.ActiveFile].Count) * 4);
        Line("SwapTotal", (ulong)mem.Swap.TotalSlots * 4);
        Line("SwapFree", (ulong)mem.Swap.FreeSlots * 4);
        Line("CommitLimit", Commit.LimitPages(mem) * 4);
        Line("Committed_AS", Commit.Pages(mem) * 4);

        HugeLines(mem, text);
        return text.ToString();
    }

    /// <summary>The lines of huge pages, in the order of Linux. Source: [Linux mm/hugetlb.c, hugetlb_report_meminfo].</summary>
    private static void HugeLines(MemorySystem mem, StringBuilder text)
    {
        void Line(string name, long number, string unit) => text.Append(CultureInfo.InvariantCulture, $"{name + ":",-16}{number,8}{unit}\n");
        long anon = 0;
        foreach (Vmas.AddressSpace space in mem.Spaces)
        {
            anon += space.Rss.AnonHuge;
        }

        Frames.HugePool pool = mem.Huge.Pool;
        Line("AnonHugePages", anon * 2048, " kB");
        Line("HugePages_Total", pool.Total, "");
        Line("HugePages_Free", pool.Free, "");
        Line("HugePages_Rsvd", pool.Reserved, "");
        Line("HugePages_Surp", 0, "");
        Line("Hugepagesize", 2048, " kB");
        Line("Hugetlb", pool.Total * 2048L, " kB");
    }
}
