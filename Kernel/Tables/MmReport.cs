using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Tables;

/// <summary>Where memory management tells what it did: counted, priced, and told to whoever listens.</summary>
internal sealed class MmReport : IStateful
{
    private TraceGate _gate;

    /// <summary>Counts.</summary>
    public MmCounters Counters { get; } = new();

    /// <summary>Prices; null while all is free.</summary>
    public IKernelCost? Cost { get; set; }

    /// <summary>Who listens; null for nobody.</summary>
    public ITraceSink? Events
    {
        get => _gate.Sink;
        set => _gate = new TraceGate(value);
    }

    /// <summary>How often RAM was too small for what was asked for; who wants to know whether it was to blame compares before and after.</summary>
    public ulong Refusals { get; private set; }

    /// <summary>Bytes that were asked for when RAM was too small last.</summary>
    public ulong RefusedBytes { get; private set; }

    /// <summary>RAM is too small for <paramref name="bytes"/> bytes more.</summary>
    public void Refuse(ulong bytes) => (Refusals, RefusedBytes) = (Refusals + 1, bytes);

    /// <summary>Who listens, when it wants events of <paramref name="kind"/>; null otherwise, so that making the event is skipped.</summary>
    public ITraceSink? For(TraceEventKind kind) => _gate.For(kind);

    /// <summary>An entry of any level was written.</summary>
    public void EntryWritten(PhysAddr slot)
    {
        Counters.Add(MmCounter.PteWrite);
        if (Cost is not null)
        {
            Price(slot);
        }
    }

    /// <summary>Apart from the writing, which mostly is free: else every writing clears room for the pricing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Price(PhysAddr slot) => Cost!.EntryWritten(slot);

    object IStateful.Save(object? last) => (Refusals, RefusedBytes, Counters.ToArray());

    void IStateful.Restore(object state)
    {
        (Refusals, RefusedBytes, ulong[] counts) = ((ulong, ulong, ulong[]))state;
        Counters.PutBack(counts);
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAny(Cost);
}
