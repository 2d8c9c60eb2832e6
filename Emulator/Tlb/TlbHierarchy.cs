using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>One of the translation caches, for views of their contents.</summary>
public enum TlbArrayName : byte
{
    /// <summary>First level for data; with <see cref="TlbMode.MaxStale"/> the only one.</summary>
    Data,

    /// <summary>First level for fetches.</summary>
    Code,

    /// <summary>Second level.</summary>
    Second,

    /// <summary>PDE cache.</summary>
    Pde,

    /// <summary>PDPTE cache.</summary>
    Pdpte,

    /// <summary>PML4E cache.</summary>
    Pml4e,

    /// <summary>PML5E cache.</summary>
    Pml5e,
}

/// <summary>Every translation cache of one core: contents, replacement and invalidation.</summary>
/// <remarks>
/// The levels are neither inclusive nor exclusive: a walk fills both, a second-level hit fills the first, each evicts on its own.
/// Source: [SDM3 Paging, "Caching Translation Information"].
/// </remarks>
internal sealed class TlbHierarchy
{
    private readonly TlbStage _data;
    private readonly TlbStage _code;
    private readonly TlbStage _second;
    private readonly TranslationArray[] _arrays;
    private bool _anyNotHeld;

    internal TlbHierarchy(TlbMode mode, TlbGeometry geometry)
    {
        bool preset = mode == TlbMode.Preset;
        _data = mode == TlbMode.MaxStale ? TlbStage.Endless() : new TlbStage(preset ? geometry.Data : []);
        _code = mode == TlbMode.MaxStale ? _data : new TlbStage(preset ? geometry.Code : []);
        _second = new TlbStage(preset ? geometry.Second : []);
        _arrays = mode == TlbMode.MaxStale ? [.. _data.Arrays] : [.. _data.Arrays, .. _code.Arrays, .. _second.Arrays];
        Psc = mode == TlbMode.MaxStale
            ? PagingStructureCaches.Endless()
            : new PagingStructureCaches(preset ? geometry.Psc : default);
    }

    /// <summary>The paging-structure caches.</summary>
    internal PagingStructureCaches Psc { get; }

    /// <summary>Told of what leaves; null for nobody.</summary>
    internal ILookAside? LookAside { get; set; }

    /// <summary>The first level for an access.</summary>
    internal TlbStage FirstFor(AccessKind kind) => kind == AccessKind.Fetch ? _code : _data;

    /// <summary>Finds an entry in the second level, and brings it into the first.</summary>
    internal bool TryUseSecond(in Access access, ushort pcid, out ulong value, out PageSize size)
    {
        if (!_second.TryUse(access.Address, pcid, out value, out size))
        {
            return false;
        }

        TlbEntry found = new(TlbEntry.TagOf(access.Address, (PagingLevel)size, pcid), value);
        FillStage(FirstFor(access.Kind), found, access.Address);
        return true;
    }

    /// <summary>Puts a fresh translation into both levels; neither answers for its address.</summary>
    /// <returns>True when at least one level holds it now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Fill(AccessKind kind, VirtAddr address, in TlbEntry entry)
    {
        bool first = FillStage(FirstFor(kind), entry, address);
        bool second = FillStage(_second, entry, address);
        _anyNotHeld |= !first && !second;
        return first || second;
    }

    /// <summary>True when an access would be answered without a walk; changes nothing.</summary>
    internal bool Holds(AccessKind kind, VirtAddr address, ushort pcid) =>
        FirstFor(kind).Holds(address, pcid) || _second.Holds(address, pcid);

    /// <summary>Drops every entry that an access to an address would use, whatever its size (T-016).</summary>
    internal void DropAddress(VirtAddr address, ushort pcid)
    {
        foreach (TranslationArray array in _arrays)
        {
            array.DropAddress(address, pcid, LookAside);
        }
    }

    /// <summary>The same for an access that no level has answered: only the other first level can hold something.</summary>
    internal void DropMissed(AccessKind kind, VirtAddr address, ushort pcid)
    {
        TlbStage other = kind == AccessKind.Fetch ? _data : _code;
        foreach (TranslationArray array in other.Own)
        {
            if (array.Count != 0)
            {
                array.DropAddress(address, pcid, LookAside);
            }
        }
    }

    /// <summary>Drops the entries that an invalidation names, and the paging-structure-cache entries with them.</summary>
    internal void Invalidate(in TlbInvalidation what)
    {
        switch (what.Scope)
        {
            case TlbScope.None:
                break;
            case TlbScope.StructureCaches:
                Psc.ForgetPcid(what.Pcid);
                break;
            case TlbScope.Page:
            case TlbScope.PageKeepGlobal:
                Psc.ForgetPcid(what.Pcid);
                DropPage(what);
                break;
            case TlbScope.PcidKeepGlobal:
            case TlbScope.Pcid:
                Psc.ForgetPcid(what.Pcid);
                DropOwned(what);
                break;
            case TlbScope.AllKeepGlobal:
            case TlbScope.All:
                Psc.ForgetAll();
                DropOwned(what);
                break;
        }
    }

    /// <summary>Adds the entries of one cache to a list, in the order of their slots.</summary>
    internal void List(TlbArrayName which, List<TlbEntry> into)
    {
        switch (which)
        {
            case TlbArrayName.Data:
                List(_data, into);
                break;
            case TlbArrayName.Code:
                List(_code, into);
                break;
            case TlbArrayName.Second:
                List(_second, into);
                break;
            case TlbArrayName.Pde:
            case TlbArrayName.Pdpte:
            case TlbArrayName.Pml4e:
            case TlbArrayName.Pml5e:
                List(Psc.Of(PagingLevel.Pd + (which - TlbArrayName.Pde)), into);
                break;
        }
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal TlbImage Save(TlbImage? last)
    {
        TranslationArrayImage[] arrays = new TranslationArrayImage[_arrays.Length];
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = _arrays[i].Save(last?.Arrays[i]);
        }

        (TranslationArrayImage?[] psc, ulong forgotten) = Psc.Save(last?.Psc);
        return new TlbImage(arrays, _anyNotHeld, psc, forgotten);
    }

    /// <summary>Takes that state again; the look-aside is not told.</summary>
    internal void Restore(TlbImage image)
    {
        for (int i = 0; i < _arrays.Length; i++)
        {
            _arrays[i].Restore(image.Arrays[i]);
        }

        Psc.Restore(image.Psc, image.PscForgotten);
        _anyNotHeld = image.AnyNotHeld;
    }

    private static void List(TlbStage stage, List<TlbEntry> into)
    {
        foreach (TranslationArray array in stage.Arrays)
        {
            List(array, into);
        }
    }

    private static void List(TranslationArray? array, List<TlbEntry> into)
    {
        foreach (ref readonly TlbSlot slot in array is null ? default : array.Slots)
        {
            if (slot.Tag != 0)
            {
                into.Add(slot.Entry);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool FillStage(TlbStage stage, in TlbEntry entry, VirtAddr address)
    {
        TlbEntry evicted;
        if (entry.Size == PageSize.Size4K)
        {
            if (!stage.TryPutNewSmall(entry, out evicted))
            {
                return false;
            }
        }
        else if (stage.TryHeldSize(entry.Size, out PageSize held))
        {
            stage.PutNew(entry.CutTo(held, address), out evicted);
        }
        else
        {
            return false;
        }

        if (evicted.Tag != 0 && LookAside is not null && (stage == _second || !_second.Holds(evicted)))
        {
            LookAside.DropPage(evicted.Address, evicted.Size);
        }

        return true;
    }

    private void DropPage(in TlbInvalidation what)
    {
        foreach (TranslationArray array in _arrays)
        {
            array.DropPage(what, LookAside);
        }

        // Code that was fetched through a translation which no array could hold leaves nothing that could be told of.
        if (_anyNotHeld)
        {
            LookAside?.DropAll();
        }
    }

    private void DropOwned(in TlbInvalidation what)
    {
        foreach (TranslationArray array in _arrays)
        {
            array.DropOwned(what);
        }

        LookAside?.DropAll();
    }
}
