namespace MmuEmu.Debugger.Gdb;

/// <summary>The registers, feature by feature and in gdb's order: their place in this table is their number.</summary>
/// <remarks>Source: [GDB manual, "i386 Features"]; names of the control registers are QEMU's.</remarks>
internal static class RegisterTable
{
    private const int Vectors = 16;
    private const int FxXmm = 160;
    private const int FxSt = 32;

    /// <summary>org.gnu.gdb.i386.core.</summary>
    public static readonly GdbRegister[] Core =
    [
        General("rax", 0), General("rbx", 3), General("rcx", 1), General("rdx", 2), General("rsi", 6), General("rdi", 7),
        General("rbp", 5) with { Type = "data_ptr" }, General("rsp", 4) with { Type = "data_ptr" },
        .. Enumerable.Range(8, 8).Select(number => General($"r{number}", number)),
        new("rip", 8, "code_ptr", RegisterSource.Rip), new("eflags", 4, "i386_eflags", RegisterSource.Flags),
        .. ((string[])["cs", "ss", "ds", "es", "fs", "gs"]).Select((name, number) => new GdbRegister(name, 4, "int32", RegisterSource.Selector, number)),
        .. Enumerable.Range(0, 8).Select(number => new GdbRegister($"st{number}", 10, "i387_ext", RegisterSource.Fx, FxSt + (16 * number))),
        Float("fctrl", RegisterSource.FxWord, 0), Float("fstat", RegisterSource.FxWord, 2), Float("ftag", RegisterSource.Tags, 0),
        Float("fiseg", RegisterSource.FxWord, 12), Float("fioff", RegisterSource.Fx, 8), Float("foseg", RegisterSource.FxWord, 20),
        Float("fooff", RegisterSource.Fx, 16), Float("fop", RegisterSource.FxWord, 6),
    ];

    /// <summary>org.gnu.gdb.i386.sse.</summary>
    public static readonly GdbRegister[] Sse =
    [
        .. Enumerable.Range(0, Vectors).Select(number => new GdbRegister($"xmm{number}", 16, "vec128", RegisterSource.Fx, FxXmm + (16 * number))),
        new("mxcsr", 4, "i386_mxcsr", RegisterSource.Fx, 24) { Group = "vector" },
    ];

    /// <summary>org.gnu.gdb.i386.linux.</summary>
    public static readonly GdbRegister[] Linux = [new("orig_rax", 8, "int", RegisterSource.OrigRax)];

    /// <summary>org.gnu.gdb.i386.segments.</summary>
    public static readonly GdbRegister[] Segments =
        [new("fs_base", 8, "int", RegisterSource.FsBase), new("gs_base", 8, "int", RegisterSource.GsBase)];

    /// <summary>org.gnu.gdb.i386.avx.</summary>
    public static readonly GdbRegister[] Avx =
        [.. Enumerable.Range(0, Vectors).Select(number => new GdbRegister($"ymm{number}h", 16, "uint128", RegisterSource.YmmHigh, number))];

    /// <summary>Our own: the processor's control registers, and a page walk as registers.</summary>
    public static readonly GdbRegister[] Paging =
    [
        Walk("cr0", "cr0_t", PagingRegister.Cr0), Walk("cr2", "data_ptr", PagingRegister.Cr2), Walk("cr3", "int64", PagingRegister.Cr3),
        Walk("cr4", "cr4_t", PagingRegister.Cr4), Walk("cr8", "int64", PagingRegister.Cr8), Walk("efer", "efer_t", PagingRegister.Efer),
        Walk("k_gs_base", "int64", PagingRegister.KernelGsBase), Walk("pferr", "pferr_t", PagingRegister.FaultCode),
        Walk("pml4e", "pte_t", PagingRegister.Pml4e), Walk("pdpte", "pte_t", PagingRegister.Pdpte), Walk("pde", "pte_t", PagingRegister.Pde),
        Walk("pte", "pte_t", PagingRegister.Pte), Walk("swpte", "swpte_t", PagingRegister.SoftPte),
        Walk("icount", "int64", PagingRegister.InstructionCount), Walk("pfn", "int64", PagingRegister.Frame),
        Walk("pa", "int64", PagingRegister.Physical), Walk("walkaddr", "data_ptr", PagingRegister.Address),
    ];

    /// <summary>All, by number.</summary>
    public static readonly GdbRegister[] All = [.. Core, .. Sse, .. Linux, .. Segments, .. Avx, .. Paging];

    /// <summary>The number of a register.</summary>
    public static int NumberOf(string name) => Array.FindIndex(All, register => register.Name == name);

    private static GdbRegister General(string name, int number) => new(name, 8, "int64", RegisterSource.General, number);

    private static GdbRegister Float(string name, RegisterSource source, int index) => new(name, 4, "int", source, index) { Group = "float" };

    private static GdbRegister Walk(string name, string type, PagingRegister register) =>
        new(name, 8, type, RegisterSource.Paging, (int)register) { Group = "paging" };
}
