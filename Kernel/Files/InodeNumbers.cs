using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>Numbers inodes in order of first use.</summary>
internal sealed class InodeNumbers : IStateful
{
    private ulong _last;

    /// <summary>The next number.</summary>
    public ulong Next() => ++_last;

    object IStateful.Save(object? last) => _last;

    void IStateful.Restore(object state) => _last = (ulong)state;
}
