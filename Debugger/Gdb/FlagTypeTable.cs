using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Gdb;

/// <summary>The types by whose names gdb shows bits.</summary>
/// <remarks>Source: [SDM3 "Control Registers", "Paging", "Page-Fault Exceptions"], [SDM4 "IA32_EFER"].</remarks>
internal static class FlagTypeTable
{
    /// <summary>A type of bits.</summary>
    /// <param name="Id">Its name in the description.</param>
    /// <param name="Bytes">Its length.</param>
    /// <param name="Fields">Name, first bit, last bit.</param>
    internal sealed record FlagType(string Id, int Bytes, (string Name, int First, int Last)[] Fields);

    /// <summary>EFLAGS.</summary>
    public static readonly FlagType Eflags = new("i386_eflags", 4,
    [
        Bit("CF", 0), Bit("", 1), Bit("PF", 2), Bit("AF", 4), Bit("ZF", 6), Bit("SF", 7), Bit("TF", 8), Bit("IF", 9), Bit("DF", 10), Bit("OF", 11),
        Bit("NT", 14), Bit("RF", 16), Bit("VM", 17), Bit("AC", 18), Bit("VIF", 19), Bit("VIP", 20), Bit("ID", 21),
    ]);

    /// <summary>MXCSR.</summary>
    public static readonly FlagType Mxcsr = new("i386_mxcsr", 4,
    [
        Bit("IE", 0), Bit("DE", 1), Bit("ZE", 2), Bit("OE", 3), Bit("UE", 4), Bit("PE", 5), Bit("DAZ", 6),
        Bit("IM", 7), Bit("DM", 8), Bit("ZM", 9), Bit("OM", 10), Bit("UM", 11), Bit("PM", 12), Bit("FZ", 15),
    ]);

    /// <summary>What paging has.</summary>
    public static readonly FlagType[] Paging =
    [
        new("cr0_t", 8, [Bit("PE", 0), Bit("MP", 1), Bit("EM", 2), Bit("TS", 3), Bit("ET", 4), Bit("NE", 5), Bit("WP", 16), Bit("AM", 18), Bit("NW", 29), Bit("CD", 30), Bit("PG", 31)]),
        new("cr4_t", 8,
        [
            Bit("VME", 0), Bit("PVI", 1), Bit("TSD", 2), Bit("DE", 3), Bit("PSE", 4), Bit("PAE", 5), Bit("MCE", 6), Bit("PGE", 7), Bit("PCE", 8),
            Bit("OSFXSR", 9), Bit("OSXMMEXCPT", 10), Bit("UMIP", 11), Bit("LA57", 12), Bit("VMXE", 13), Bit("SMXE", 14), Bit("FSGSBASE", 16),
            Bit("PCIDE", 17), Bit("OSXSAVE", 18), Bit("SMEP", 20), Bit("SMAP", 21), Bit("PKE", 22),
        ]),
        new("efer_t", 8, [Bit("SCE", 0), Bit("LME", 8), Bit("LMA", 10), Bit("NXE", 11)]),
        new("pferr_t", 8, [Bit("P", 0), Bit("W", 1), Bit("U", 2), Bit("RSVD", 3), Bit("I", 4), Bit("PK", 5)]),
        new("pte_t", 8,
        [
            Bit("P", 0), Bit("W", 1), Bit("U", 2), Bit("PWT", 3), Bit("PCD", 4), Bit("A", 5), Bit("D", 6), Bit("PS", 7), Bit("G", 8),
            ("soft", 9, 11), ("pfn", 12, 51), ("pk", 59, 62), Bit("NX", 63),
        ]),
    ];

    /// <summary>What an entry that the hardware does not use means, with its offset.</summary>
    public const string SoftPteXml =
        "<flags id=\"swpte_t\" size=\"8\"><field name=\"kind\" start=\"0\" end=\"7\" type=\"swkind_t\"/><field name=\"offset\" start=\"8\" end=\"63\"/></flags>";

    /// <summary>The names of what such an entry means, in the order of <see cref="SoftPteKind"/>.</summary>
    public static readonly string[] SoftNames =
        ["NONE", "PRESENT", "PROTNONE", "SWAP", "PURGED", "MIGRATION_READ", "MIGRATION_WRITE", "HWPOISON", "NONLINEAR", "UNKNOWN"];

    private static (string Name, int First, int Last) Bit(string name, int bit) => (name, bit, bit);
}
