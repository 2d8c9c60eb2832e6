using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Sends what a terminal sends: to every process of the group that it belongs to.</summary>
/// <remarks>Source: [Linux drivers/tty/n_tty.c, isig; kernel/signal.c, __kill_pgrp_info].</remarks>
internal static class TerminalSignal
{
    /// <summary>Sends <paramref name="signal"/> when <paramref name="step"/> steps of the run are over at this T; nobody hears it when the group has no process left.</summary>
    public static void Send(TaskSystem system, Signal signal, uint step)
    {
        system.Trace.For(KernelEvent.TerminalSignal)?.Take(new TraceEvent(KernelEvent.TerminalSignal) { Number = (ulong)signal, Count = step });
        foreach (Process process in system.Processes.All)
        {
            if (process.Group == system.ForegroundGroup)
            {
                SignalSend.ToProcess(process, new SigInfo(signal, SigCode.Kernel, default));
            }
        }
    }
}
