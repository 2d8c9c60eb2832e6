using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Tells when user code begins and stops to run, and why it stopped.</summary>
internal static class UserCode
{
    /// <summary>A thread goes on in user code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TellEntry(TaskSystem system, UserThread thread)
    {
        if (system.Trace.For(KernelEvent.UserEntry) is { } trace)
        {
            trace.Take(new TraceEvent(KernelEvent.UserEntry) { Space = thread.Process.Space.Tag.Id });
        }
    }

    /// <summary>The core has come back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TellExit(TaskSystem system)
    {
        if (system.Trace.For(KernelEvent.UserExit) is { } trace)
        {
            TellExit(trace, system.Core.Vcpu.Exit);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TellExit(Tracer trace, in CoreExit exit)
    {
        bool begun = exit.Kind == CoreExitKind.PageFault
            || (exit.Kind == CoreExitKind.Exception && !exit.FromInstruction && TrapSignals.IsFault(exit.Vector));
        trace.Take(new TraceEvent(KernelEvent.UserExit) { Number = (ulong)exit.Kind, Argument = begun ? 1UL : 0 });
    }
}
