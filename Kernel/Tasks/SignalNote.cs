using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Tasks;

/// <summary>What there is to tell of a signal when it is delivered.</summary>
/// <param name="Info">Number, code, address or sender.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Rip">Where the program was.</param>
/// <param name="Handler">The handler; 0 when there is none.</param>
internal readonly record struct SignalNote(SigInfo Info, SignalFate Fate, VirtAddr Rip, VirtAddr Handler)
{
    /// <summary>What more is known of a signal that an exception or a lost frame raised; null for others.</summary>
    public SignalDetail? Forced { get; init; }

    /// <summary>The process that sent it; null when none did, and when it is gone.</summary>
    public TaskName? Sender { get; init; }

    /// <summary>All of it for those who listen.</summary>
    public SignalDetail ToDetail() => Forced is null
        ? new SignalDetail(Info, Fate, Rip, Handler) { Sender = Sender }
        : Forced with { Info = Info, Fate = Fate, Rip = Rip, Handler = Handler };
}
