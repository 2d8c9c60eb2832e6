using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>/dev/ashmem: every opening of it is an area of its own.</summary>
/// <remarks>Source: [Linux drivers/staging/android/ashmem.c].</remarks>
internal sealed class AshmemDevice(MemorySystem mem) : IFileContent, IWholeOfParts
{
    /// <inheritdoc/>
    public ulong SizeBytes => 0;

    /// <inheritdoc/>
    public bool Seekable => false;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <inheritdoc/>
    public IFileContent ForOpening() => new AshmemArea(mem);

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination) => 0;

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => Errno.EINVAL;

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes) => new(Errno.EINVAL, ErrnoCause.NoLength);

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed()
    {
    }
}

/// <summary>Shared memory with pins: it has a size and a name before it is first mapped, and memory from then on.</summary>
/// <remarks>Source: [Linux drivers/staging/android/ashmem.c].</remarks>
internal sealed class AshmemArea(MemorySystem mem) : IFileContent, IStateful
{
    /// <summary>Bytes of a name, its NUL included.</summary>
    public const int NameBytes = 256;

    private const Prot AllRights = Prot.Read | Prot.Write | Prot.Exec;

    /// <summary>The memory; null until the first mapping.</summary>
    public MemContent? Memory { get; private set; }

    /// <inheritdoc/>
    public ulong SizeBytes { get; private set; }

    /// <summary>The name it was given; empty for none.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The rights that mappings may have; they can only become fewer.</summary>
    public Prot Rights { get; private set; } = AllRights;

    /// <inheritdoc/>
    public bool Seekable => true;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking? Backing => Memory;

    /// <summary>Sets the size.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL once it was mapped.</returns>
    public Refusal SetSize(ulong sizeBytes)
    {
        if (Memory is not null)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.AreaMapped);
        }

        SizeBytes = sizeBytes;
        return Refusal.None;
    }

    /// <summary>Sets the name.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL once it was mapped.</returns>
    public Refusal SetName(string name)
    {
        if (Memory is not null)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.AreaMapped);
        }

        Name = name;
        return Refusal.None;
    }

    /// <summary>Takes rights away.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL when one of <paramref name="rights"/> was taken away before.</returns>
    public Refusal SetRights(Prot rights)
    {
        if ((Rights & rights) != rights)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.RightsNotGranted);
        }

        Rights = rights;
        return Refusal.None;
    }

    /// <summary>Makes the memory ready to be mapped.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL without a size, or for more than that; EPERM for rights that it does not give; ENOMEM beyond the largest file.</returns>
    public Refusal Prepare(ulong lengthBytes, Prot wanted)
    {
        if (SizeBytes == 0 || VirtRange.PageAlign(lengthBytes) > VirtRange.PageAlign(SizeBytes))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.AreaSize);
        }

        if ((wanted & AllRights & ~Rights) != 0)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.RightsNotGranted);
        }

        if (Memory is not null)
        {
            return Refusal.None;
        }

        ulong bytes = (SizeBytes + 0xFFF) & ~0xFFFUL;
        Refusal promise = Commit.Check(mem, mem.SpaceAtWork, bytes >> 12);
        if (promise != Refusal.None)
        {
            return promise;
        }

        MemContent memory = new(mem, $"/dev/ashmem/{Name} (deleted)") { IsNamed = false, ReservedBytes = bytes };
        if (memory.Resize(SizeBytes) != Errno.None)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.LengthTooLarge);
        }

        memory.Opened();
        Memory = memory;
        return Refusal.None;
    }

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        if (SizeBytes == 0)
        {
            return 0;
        }

        return Memory is null ? Errno.EBADF : Memory.Read(offset, destination);
    }

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => Errno.EINVAL;

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes) => new(Errno.EINVAL, ErrnoCause.NoLength);

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed() => Memory?.Closed();

    object IStateful.Save(object? last) => SavedItems.Same((Memory, SizeBytes, Name, Rights), last);

    void IStateful.Restore(object state) => (Memory, SizeBytes, Name, Rights) = ((MemContent?, ulong, string, Prot))state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(Memory);
}
