using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Faults;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Keeps of each signal what cannot be found again once the program goes on; records are made of it when somebody asks.</summary>
internal interface ISignalWitness
{
    /// <summary>The last fault that ended in a signal.</summary>
    FaultDetail Fault { get; }

    /// <summary>Room for the next one, which is <see cref="Fault"/> from now on: that of the last one, unless somebody keeps that; so a fault takes no memory.</summary>
    /// <returns>To be filled, all of it.</returns>
    FaultDetail NextFault();

    /// <summary><see cref="Fault"/> for one who keeps it: it is not filled again.</summary>
    FaultDetail KeepFault();

    /// <summary><see cref="Fault"/> has been filled, and its signal comes next.</summary>
    /// <param name="time">T.</param>
    /// <param name="space">The address space's number.</param>
    void Faulted(ulong time, int space);

    /// <summary>A signal is delivered.</summary>
    void Signalled(in TraceStamp stamp, in SignalNote signal);
}
