namespace MmuEmu.Emulator.Translation;

/// <summary>The control registers that paging depends on, as the guest reads them.</summary>
/// <param name="Cr0">CR0.</param>
/// <param name="Cr3">CR3; bit 63 is never stored (T-033).</param>
/// <param name="Cr4">CR4.</param>
/// <param name="Efer">IA32_EFER.</param>
public readonly record struct ControlState(ulong Cr0, ulong Cr3, ulong Cr4, ulong Efer)
{
    /// <summary>True in IA-32e mode: EFER.LMA.</summary>
    public bool LongMode => (Efer & EferBits.Lma) != 0;

    /// <summary>The current process-context identifier: CR3[11:0] while CR4.PCIDE is set, otherwise 0 (T-034).</summary>
    public ushort Pcid => (Cr4 & Cr4Bits.Pcide) != 0 ? (ushort)(Cr3 & 0xFFF) : (ushort)0;
}

/// <summary>What this processor lets software set.</summary>
/// <param name="Cr4">The CR4 bits it knows; any other is reserved.</param>
/// <param name="Efer">The EFER bits it knows; any other is reserved.</param>
/// <param name="MaxPhyAddr">Physical-address width, 36 to 52 bits.</param>
public readonly record struct ControlLimits(ulong Cr4, ulong Efer, byte MaxPhyAddr);

/// <summary>Bits of CR0. Source: [SDM3 System Architecture Overview, "Control Registers"].</summary>
public static class Cr0Bits
{
    /// <summary>Protection enable.</summary>
    public const ulong Pe = 1UL << 0;

    /// <summary>Monitor coprocessor.</summary>
    public const ulong Mp = 1UL << 1;

    /// <summary>Emulation of x87.</summary>
    public const ulong Em = 1UL << 2;

    /// <summary>Task switched.</summary>
    public const ulong Ts = 1UL << 3;

    /// <summary>Extension type; always 1.</summary>
    public const ulong Et = 1UL << 4;

    /// <summary>Numeric error.</summary>
    public const ulong Ne = 1UL << 5;

    /// <summary>Write protect.</summary>
    public const ulong Wp = 1UL << 16;

    /// <summary>Alignment mask.</summary>
    public const ulong Am = 1UL << 18;

    /// <summary>Not write-through.</summary>
    public const ulong Nw = 1UL << 29;

    /// <summary>Cache disable.</summary>
    public const ulong Cd = 1UL << 30;

    /// <summary>Paging.</summary>
    public const ulong Pg = 1UL << 31;

    /// <summary>Every bit that is stored; the others below bit 32 read as zero.</summary>
    public const ulong Stored = Pe | Mp | Em | Ts | Et | Ne | Wp | Am | Nw | Cd | Pg;
}

/// <summary>Bits of CR4. Source: [SDM3 System Architecture Overview, "Control Registers"].</summary>
public static class Cr4Bits
{
    /// <summary>Virtual-8086 mode extensions.</summary>
    public const ulong Vme = 1UL << 0;

    /// <summary>Protected-mode virtual interrupts.</summary>
    public const ulong Pvi = 1UL << 1;

    /// <summary>Time stamp disable.</summary>
    public const ulong Tsd = 1UL << 2;

    /// <summary>Debugging extensions.</summary>
    public const ulong De = 1UL << 3;

    /// <summary>Page size extensions; no effect in 4- and 5-level paging.</summary>
    public const ulong Pse = 1UL << 4;

    /// <summary>Physical address extension.</summary>
    public const ulong Pae = 1UL << 5;

    /// <summary>Machine check.</summary>
    public const ulong Mce = 1UL << 6;

    /// <summary>Global pages.</summary>
    public const ulong Pge = 1UL << 7;

    /// <summary>RDPMC at CPL 3.</summary>
    public const ulong Pce = 1UL << 8;

    /// <summary>FXSAVE and SSE.</summary>
    public const ulong Osfxsr = 1UL << 9;

    /// <summary>SIMD floating-point exceptions.</summary>
    public const ulong Osxmmexcpt = 1UL << 10;

    /// <summary>User-mode instruction prevention.</summary>
    public const ulong Umip = 1UL << 11;

    /// <summary>57-bit addresses.</summary>
    public const ulong La57 = 1UL << 12;

    /// <summary>RDFSBASE and kin.</summary>
    public const ulong Fsgsbase = 1UL << 16;

    /// <summary>Process-context identifiers.</summary>
    public const ulong Pcide = 1UL << 17;

    /// <summary>XSAVE.</summary>
    public const ulong Osxsave = 1UL << 18;

    /// <summary>Supervisor-mode execution prevention.</summary>
    public const ulong Smep = 1UL << 20;

    /// <summary>Supervisor-mode access prevention.</summary>
    public const ulong Smap = 1UL << 21;

    /// <summary>Protection keys for user pages.</summary>
    public const ulong Pke = 1UL << 22;
}

/// <summary>Bits of IA32_EFER. Source: [SDM3 System Architecture Overview, "Extended Feature Enable Register"].</summary>
public static class EferBits
{
    /// <summary>SYSCALL enable.</summary>
    public const ulong Sce = 1UL << 0;

    /// <summary>IA-32e mode enable.</summary>
    public const ulong Lme = 1UL << 8;

    /// <summary>IA-32e mode active; read-only to WRMSR.</summary>
    public const ulong Lma = 1UL << 10;

    /// <summary>Execute-disable enable.</summary>
    public const ulong Nxe = 1UL << 11;
}
