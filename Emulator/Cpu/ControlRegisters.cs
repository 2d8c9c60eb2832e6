using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Cpu;

/// <summary>The system registers of one vCPU: those that ordinary instructions do not touch.</summary>
public sealed class ControlRegisters
{
    /// <summary>CR0.</summary>
    public ulong Cr0 { get; set; } = 0x8005_0033;

    /// <summary>CR2: the address of the last page fault.</summary>
    public ulong Cr2 { get; set; }

    /// <summary>CR3 without bit 63.</summary>
    public ulong Cr3 { get; set; }

    /// <summary>CR4; before anyone sets it, the state instructions are enabled.</summary>
    public ulong Cr4 { get; set; } = Cr4Bits.Osfxsr | Cr4Bits.Osxmmexcpt | Cr4Bits.Osxsave;

    /// <summary>CR8: task priority.</summary>
    public ulong Cr8 { get; set; }

    /// <summary>IA32_EFER.</summary>
    public ulong Efer { get; set; }

    /// <summary>IA32_STAR: SYSCALL and SYSRET selectors.</summary>
    public ulong Star { get; set; }

    /// <summary>IA32_LSTAR: SYSCALL target.</summary>
    public ulong LStar { get; set; }

    /// <summary>IA32_CSTAR: kept for software that reads it back; 64-bit code never jumps there.</summary>
    public ulong CStar { get; set; }

    /// <summary>IA32_TSC_AUX: what RDTSCP puts into ECX.</summary>
    public ulong TscAux { get; set; }

    /// <summary>IA32_FMASK: RFLAGS bits that SYSCALL clears.</summary>
    public ulong FMask { get; set; }

    /// <summary>IA32_KERNEL_GS_BASE, which SWAPGS exchanges with the GS base.</summary>
    public ulong KernelGsBase { get; set; }

    /// <summary>IA32_PAT.</summary>
    public ulong Pat { get; set; } = 0x0007_0406_0007_0406;

    /// <summary>XCR0: the state components that XSAVE manages; before anyone sets it, x87, SSE and AVX.</summary>
    public ulong Xcr0 { get; set; } = XsaveComponents.X87 | XsaveComponents.Sse | XsaveComponents.Avx;

    /// <summary>What of them CPUID shows.</summary>
    public CpuidSight Sight => new(Cr4, Xcr0);

    /// <summary>PKRU.</summary>
    public uint Pkru { get; set; }

    /// <summary>GDTR base.</summary>
    public ulong GdtBase { get; set; }

    /// <summary>GDTR limit.</summary>
    public ushort GdtLimit { get; set; }

    /// <summary>IDTR base.</summary>
    public ulong IdtBase { get; set; }

    /// <summary>IDTR limit.</summary>
    public ushort IdtLimit { get; set; }

    /// <summary>Base of the current 64-bit TSS.</summary>
    public ulong TssBase { get; set; }

    /// <summary>Limit of the current TSS.</summary>
    public uint TssLimit { get; set; }

    /// <summary>Task register selector.</summary>
    public ushort Tr { get; set; }

    /// <summary>LDT selector.</summary>
    public ushort Ldtr { get; set; }

    /// <summary>Base of the LDT.</summary>
    public ulong LdtBase { get; set; }

    /// <summary>Limit of the LDT.</summary>
    public uint LdtLimit { get; set; }

    /// <summary>IA32_SYSENTER_CS: selectors of SYSENTER and SYSEXIT; null turns both off.</summary>
    public uint SysenterCs { get; set; }

    /// <summary>IA32_SYSENTER_ESP: stack of SYSENTER.</summary>
    public ulong SysenterRsp { get; set; }

    /// <summary>IA32_SYSENTER_EIP: target of SYSENTER.</summary>
    public ulong SysenterRip { get; set; }

    /// <summary>Added to the machine's time in the time-stamp counter: what WRMSR to it has changed.</summary>
    public ulong TscOffset { get; set; }

    /// <summary>CS selector; its low two bits are the CPL.</summary>
    public ushort Cs { get; set; } = 0x33;

    /// <summary>SS selector.</summary>
    public ushort Ss { get; set; } = 0x2B;

    /// <summary>DS selector.</summary>
    public ushort Ds { get; set; }

    /// <summary>ES selector.</summary>
    public ushort Es { get; set; }

    /// <summary>FS selector.</summary>
    public ushort Fs { get; set; }

    /// <summary>GS selector.</summary>
    public ushort Gs { get; set; }

    /// <summary>Current privilege level, 0 to 3.</summary>
    public int Cpl => Cs & 3;

    /// <summary>The same registers in an object of their own.</summary>
    internal ControlRegisters Copy() => (ControlRegisters)MemberwiseClone();

    /// <summary>Takes over the registers of <paramref name="other"/>.</summary>
    internal void Take(ControlRegisters other)
    {
        (Cr0, Cr2, Cr3, Cr4, Cr8) = (other.Cr0, other.Cr2, other.Cr3, other.Cr4, other.Cr8);
        (Efer, Star, LStar, CStar, TscAux) = (other.Efer, other.Star, other.LStar, other.CStar, other.TscAux);
        (FMask, KernelGsBase, Pat, Xcr0, Pkru) = (other.FMask, other.KernelGsBase, other.Pat, other.Xcr0, other.Pkru);
        (GdtBase, GdtLimit, IdtBase, IdtLimit, TssBase) = (other.GdtBase, other.GdtLimit, other.IdtBase, other.IdtLimit, other.TssBase);
        (TssLimit, Tr, Ldtr, LdtBase, LdtLimit) = (other.TssLimit, other.Tr, other.Ldtr, other.LdtBase, other.LdtLimit);
        (SysenterCs, SysenterRsp, SysenterRip, TscOffset, Cs) = (other.SysenterCs, other.SysenterRsp, other.SysenterRip, other.TscOffset, other.Cs);
        (Ss, Ds, Es, Fs, Gs) = (other.Ss, other.Ds, other.Es, other.Fs, other.Gs);
    }

    /// <summary>The selector in segment register <paramref name="segment"/>, numbered as <see cref="SegmentNumber"/>.</summary>
    public ushort SelectorOf(int segment) => (SegmentNumber)segment switch
    {
        SegmentNumber.Es => Es,
        SegmentNumber.Cs => Cs,
        SegmentNumber.Ss => Ss,
        SegmentNumber.Ds => Ds,
        SegmentNumber.Fs => Fs,
        SegmentNumber.Gs => Gs,
    };

    /// <summary>Puts <paramref name="selector"/> into segment register <paramref name="segment"/>; bases stay.</summary>
    public void SetSelector(int segment, ushort selector) => _ = (SegmentNumber)segment switch
    {
        SegmentNumber.Es => Es = selector,
        SegmentNumber.Cs => Cs = selector,
        SegmentNumber.Ss => Ss = selector,
        SegmentNumber.Ds => Ds = selector,
        SegmentNumber.Fs => Fs = selector,
        SegmentNumber.Gs => Gs = selector,
    };
}
