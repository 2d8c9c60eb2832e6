using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Stops as packets.</summary>
/// <remarks>Source: [GDB manual, "Stop Reply Packets"].</remarks>
internal static class StopReply
{
    private static readonly int[] Expedited = [RegisterTable.NumberOf("rbp"), RegisterTable.NumberOf("rsp"), RegisterTable.NumberOf("rip")];

    /// <summary>The packet for a stop.</summary>
    public static string Of(GdbSession session, GdbStop stop) => stop.Kind switch
    {
        GdbStopKind.Exited => $"W{stop.Number:x2}{ProcessOf(session, stop)}",
        GdbStopKind.Killed => $"X{session.NumberOf(stop.Signal):x2}{ProcessOf(session, stop)}",
        _ => $"T{SignalOf(session, stop):x2}{ReasonOf(session, stop)}{RegistersOf(session, stop)}thread:{session.NameOf(stop.Pid, stop.Tid)};",
    };

    private static int SignalOf(GdbSession session, GdbStop stop) => stop.Kind switch
    {
        GdbStopKind.Signal => session.NumberOf(stop.Signal),
        GdbStopKind.Interrupt => session.NumberOf(Signal.SIGINT),
        GdbStopKind.Begin or GdbStopKind.End => 0,
        _ => session.NumberOf(Signal.SIGTRAP),
    };

    private static string ReasonOf(GdbSession session, GdbStop stop) => stop.Kind switch
    {
        GdbStopKind.Break => session.Wishes.Breakpoints ? "swbreak:;" : "",
        GdbStopKind.Watch => $"watch:{HexText.Of(stop.Number)};",
        GdbStopKind.ReadWatch => $"rwatch:{HexText.Of(stop.Number)};",
        GdbStopKind.AccessWatch => $"awatch:{HexText.Of(stop.Number)};",
        GdbStopKind.Fork => $"fork:{session.NameOf((int)stop.Number, (int)stop.Number)};",
        GdbStopKind.VFork => $"vfork:{session.NameOf((int)stop.Number, (int)stop.Number)};",
        GdbStopKind.VForkDone => "vforkdone:;",
        GdbStopKind.Exec => $"exec:{HexText.OfText(stop.Path)};",
        GdbStopKind.CallEntry => $"syscall_entry:{HexText.Of(stop.Number)};",
        GdbStopKind.CallReturn => $"syscall_return:{HexText.Of(stop.Number)};",
        GdbStopKind.Begin => "replaylog:begin;",
        GdbStopKind.End => "replaylog:end;",
        _ => "",
    };

    private static string ProcessOf(GdbSession session, GdbStop stop) =>
        session.Wishes.Multiprocess ? $";process:{HexText.Of((ulong)stop.Pid)}" : "";

    /// <summary>The registers that are asked for first.</summary>
    private static string RegistersOf(GdbSession session, GdbStop stop) =>
        session.Seen.RegistersOf(stop.Tid) is { } registers
            ? string.Concat(Expedited.Select(number => $"{HexText.Of((ulong)number)}:{HexText.Of(RegisterBytes.Read(RegisterTable.All[number], registers, []))};"))
            : "";
}
