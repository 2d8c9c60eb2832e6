using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>How much an invalidation takes away.</summary>
public enum TlbScope : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The paging-structure caches of one PCID alone (INVLPG of an address that is not canonical).</summary>
    StructureCaches,

    /// <summary>One page: its entries of one PCID, its global entries of every PCID, and all paging-structure-cache entries of that PCID (INVLPG).</summary>
    Page,

    /// <summary>One page of one PCID without its global entries, and all paging-structure-cache entries of that PCID (INVPCID type 0).</summary>
    PageKeepGlobal,

    /// <summary>Everything of one PCID but global entries (MOV to CR3; INVPCID type 1).</summary>
    PcidKeepGlobal,

    /// <summary>Everything filled under one PCID, global entries too (CR4.PAE changed, CR4.SMEP set).</summary>
    Pcid,

    /// <summary>Everything of every PCID but global entries (INVPCID type 3).</summary>
    AllKeepGlobal,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>What has to leave the TLBs and paging-structure caches.</summary>
/// <param name="Scope">How much.</param>
/// <param name="Address">Any byte of the page; for the page scopes.</param>
/// <param name="Pcid">The process-context identifier; for the page and PCID scopes.</param>
/// <remarks>Source: [SDM3 Paging, "Operations that Invalidate TLBs and Paging-Structure Caches"].</remarks>
public readonly record struct TlbInvalidation(TlbScope Scope, VirtAddr Address, ushort Pcid)
{
    /// <summary>Nothing has to leave.</summary>
    public static TlbInvalidation None => default;

    /// <summary>Everything has to leave.</summary>
    public static TlbInvalidation All => new(TlbScope.All, default, 0);

    /// <summary>Everything but global entries.</summary>
    public static TlbInvalidation AllKeepGlobal => new(TlbScope.AllKeepGlobal, default, 0);

    /// <summary>What INVLPG drops while <paramref name="pcid"/> is current.</summary>
    public static TlbInvalidation Page(VirtAddr address, ushort pcid) => new(TlbScope.Page, address, pcid);

    /// <summary>What INVPCID type 0 drops.</summary>
    public static TlbInvalidation PageKeepGlobal(VirtAddr address, ushort pcid) => new(TlbScope.PageKeepGlobal, address, pcid);

    /// <summary>What a MOV to CR3 or INVPCID type 1 drops.</summary>
    public static TlbInvalidation PcidKeepGlobal(ushort pcid) => new(TlbScope.PcidKeepGlobal, default, pcid);

    /// <summary>What a change of CR4.PAE, or setting CR4.SMEP, drops.</summary>
    public static TlbInvalidation OfPcid(ushort pcid) => new(TlbScope.Pcid, default, pcid);

    /// <summary>The part that does not depend on the address: the paging-structure caches of the PCID (T-025).</summary>
    internal TlbInvalidation WithoutAddress() => this with { Scope = TlbScope.StructureCaches };

    /// <summary>True when a TLB entry has to leave; a piece of a large page leaves with the whole page (T-023).</summary>
    internal bool Names(in TlbEntry entry) => Scope switch
    {
        TlbScope.None or TlbScope.StructureCaches => false,
        TlbScope.Page => Covers(entry) && (entry.Global || entry.Pcid == Pcid),
        TlbScope.PageKeepGlobal => Covers(entry) && !entry.Global && entry.Pcid == Pcid,
        TlbScope.PcidKeepGlobal => !entry.Global && entry.Pcid == Pcid,
        TlbScope.Pcid => entry.Pcid == Pcid,
        TlbScope.AllKeepGlobal => !entry.Global,
        TlbScope.All => true,
    };

    private bool Covers(in TlbEntry entry) => (entry.Address.Raw ^ Address.Raw) >> entry.MappedSize.Shift() == 0;
}
