using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tables;

/// <summary>Where memory management tells what it did: counted, priced, and told to whoever listens.</summary>
public sealed class MmReport
{
    private uint _wanted;

    /// <summary>Counts.</summary>
    public MmCounters Counters { get; } = new();

    /// <summary>Prices; null while all is free.</summary>
    public IKernelCost? Cost { get; set; }

    /// <summary>Who listens; null for nobody.</summary>
    public IMmEvents? Events
    {
        get;
        set
        {
            field = value;
            _wanted = 0;
            for (MmEventKind kind = MmEventKind.Fault; value is not null && kind <= MmEventKind.OutOfMemory; kind++)
            {
                _wanted |= value.Wants(kind) ? 1U << (int)kind : 0;
            }
        }
    }

    /// <summary>How often RAM was too small for what was asked for; who wants to know whether it was to blame compares before and after.</summary>
    public ulong Refusals { get; private set; }

    /// <summary>Bytes that were asked for when RAM was too small last.</summary>
    public ulong RefusedBytes { get; private set; }

    /// <summary>RAM is too small for <paramref name="bytes"/> bytes more.</summary>
    public void Refuse(ulong bytes) => (Refusals, RefusedBytes) = (Refusals + 1, bytes);

    /// <summary>Who listens, when it wants events of <paramref name="kind"/>; null otherwise, so that making the event is skipped.</summary>
    public IMmEvents? For(MmEventKind kind) => (_wanted >> (int)kind & 1) != 0 ? Events : null;

    /// <summary>An entry of any level was written.</summary>
    public void EntryWritten(PhysAddr slot)
    {
        Counters.Add(MmCounter.PteWrite);
        Cost?.EntryWritten(slot);
    }
}
