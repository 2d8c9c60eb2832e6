using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.UserCopy;

/// <summary>A store of a system call that a held page keeps waiting.</summary>
/// <param name="Address">Where it goes, in the caller's space.</param>
/// <param name="Bytes">What is stored.</param>
internal readonly record struct KeptStore(VirtAddr Address, ReadOnlyMemory<byte> Bytes);

/// <summary>What the copies of one system call met of pages that are held back.</summary>
/// <remarks>
/// A read that met one ends the try: the call is made again. A store is kept until the page is let go, because a call that stores has mostly
/// acted already, and making it again would act twice.
/// </remarks>
internal sealed class HeldCopies : IStateful
{
    private readonly List<KeptStore> _stores = [];
    private AddressSpace? _caller;

    /// <summary>The wait after which the call has to be made again; null when no copy failed for a held page.</summary>
    public WaitFor? Again { get; private set; }

    /// <summary>The wait after which the kept stores can be tried; null when there are none.</summary>
    public WaitFor? Storing { get; private set; }

    /// <summary>A try begins: stores to <paramref name="caller"/> are kept; with null none are, and they fail as reads do.</summary>
    public void Begin(AddressSpace? caller)
    {
        (_caller, Again, Storing) = (caller, null, null);
        _stores.Clear();
    }

    /// <summary>The stores that were kept, in order; they are the taker's now.</summary>
    public IReadOnlyList<KeptStore> Take()
    {
        KeptStore[] taken = [.. _stores];
        _stores.Clear();
        return taken;
    }

    /// <summary>A copy of <paramref name="space"/> failed for a held page, and the call cannot go on without it.</summary>
    /// <remarks>What a call does in another's space does not make the caller wait.</remarks>
    internal void Fail(AddressSpace? space, WaitFor wait) => Again ??= _caller is null || _caller == space ? wait : null;

    /// <summary>Keeps a store for later; false when the copy is not one of the call's own.</summary>
    internal bool TryKeep(AddressSpace? space, ulong address, ReadOnlySpan<byte> bytes, WaitFor wait)
    {
        if (_caller is null || _caller != space)
        {
            return false;
        }

        _stores.Add(new KeptStore(new VirtAddr(address), bytes.ToArray()));
        Storing ??= wait;
        return true;
    }

    object IStateful.Save(object? last) => (_caller, Again, Storing, _stores.ToArray());

    void IStateful.Restore(object state)
    {
        (_caller, Again, Storing, KeptStore[] stores) = ((AddressSpace?, WaitFor?, WaitFor?, KeptStore[]))state;
        SavedItems.PutBack(_stores, stores);
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(_caller);
}
