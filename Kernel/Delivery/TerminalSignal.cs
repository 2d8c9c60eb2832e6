using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Sends what a terminal sends: to every process of the group that it belongs to.</summary>
/// <remarks>Source: [Linux drivers/tty/n_tty.c, isig; kernel/signal.c, __kill_pgrp_info].</remarks>
internal static class TerminalSignal
{
    /// <summary>Sends <paramref name="signal"/>; nobody hears it when the group has no process left.</summary>
    public static void Send(TaskSystem system, Signal signal)
    {
        foreach (Process process in system.Processes.All)
        {
            if (process.Group == system.ForegroundGroup)
            {
                SignalSend.ToProcess(process, new SigInfo(signal, SigCode.Kernel, default));
            }
        }
    }
}
