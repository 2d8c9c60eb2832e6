namespace MmuEmu.Kernel.Files;

/// <summary>Numbers inodes in order of first use.</summary>
internal sealed class InodeNumbers
{
    private ulong _last;

    /// <summary>The next number.</summary>
    public ulong Next() => ++_last;
}
