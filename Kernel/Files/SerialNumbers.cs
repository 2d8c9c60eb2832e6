using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>Numbers what comes one after the other, from 1 on: inodes by their first use, locks.</summary>
internal sealed class SerialNumbers : IStateful
{
    private ulong _last;

    /// <summary>The next number.</summary>
    public ulong Next() => ++_last;

    object IStateful.Save(object? last) => _last;

    void IStateful.Restore(object state) => _last = (ulong)state;
}
