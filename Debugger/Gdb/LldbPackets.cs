using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What lldb asks besides.</summary>
/// <remarks>Source: [LLVM, "LLDB GDB remote protocol extensions"].</remarks>
internal static class LldbPackets
{
    private const string Triple = "x86_64-pc-linux-gnu";

    /// <summary>QThreadSuffixSupported: register packets name their thread.</summary>
    public static string ThreadSuffix(PacketContext context, string rest)
    {
        context.Session.Wishes.NamesThreads = true;
        return PacketText.Ok;
    }

    /// <summary>qHostInfo: the machine.</summary>
    public static string Host(PacketContext context, string rest) =>
        $"triple:{HexText.OfText(Triple)};ptrsize:8;endian:little;watchpoint_exceptions_received:after;";

    /// <summary>qProcessInfo: the process.</summary>
    public static string Process(PacketContext context, string rest)
    {
        GdbSession session = context.Session;
        return session.Seen.Processes.FirstOrDefault(process => process.Pid == session.Picked?.Pid) is { } process
            ? $"pid:{HexText.Of((ulong)process.Pid)};parent-pid:{HexText.Of((ulong)process.Parent)};real-uid:0;real-gid:0;effective-uid:0;effective-gid:0;"
                + $"triple:{HexText.OfText(Triple)};ostype:linux;endian:little;ptrsize:8;"
            : PacketText.NoThread;
    }

    /// <summary>qWatchpointSupportInfo: how many watchpoints there may be.</summary>
    public static string Watchpoints(PacketContext context, string rest) => "num:64;";

    /// <summary>qMemoryRegionInfo: the mapping that covers an address, or the gap.</summary>
    public static string Region(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest.TrimStart(':'));
        if (!cursor.Number(out ulong address))
        {
            return PacketText.Malformed;
        }

        IReadOnlyList<VmaView> vmas = context.Session.Space is { } space ? context.Session.Look(view => view.Vmas(space)) : [];
        if (vmas.FirstOrDefault(vma => vma.Range.Contains(new VirtAddr(address))) is { } found)
        {
            string name = found.Name.Length > 0 ? $"name:{HexText.OfText(found.Name)};" : "";
            return $"start:{HexText.Of(found.Range.Start.Raw)};size:{HexText.Of(found.Range.LengthBytes)};permissions:{RightsOf(found)};{name}";
        }

        ulong start = vmas.Where(vma => vma.Range.End.Raw <= address).Select(vma => vma.Range.End.Raw).DefaultIfEmpty(0UL).Max();
        ulong end = vmas.Where(vma => vma.Range.Start.Raw > address).Select(vma => vma.Range.Start.Raw).DefaultIfEmpty(ulong.MaxValue).Min();
        return $"start:{HexText.Of(start)};size:{HexText.Of(end - start)};";
    }

    private static string RightsOf(VmaView vma) =>
        $"{((vma.Flags & VmFlags.Read) != 0 ? "r" : "")}{((vma.Flags & VmFlags.Write) != 0 ? "w" : "")}{((vma.Flags & VmFlags.Exec) != 0 ? "x" : "")}";
}
