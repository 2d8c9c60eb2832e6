using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu;

/// <summary>All that a program can see of a processor's registers, kept while another program runs.</summary>
/// <remarks>x87 and XMM registers are kept as a 512-byte FXSAVE image, the upper halves of the YMM registers behind one another.</remarks>
public sealed class UserContext
{
    /// <summary>Length of <see cref="Fx"/>.</summary>
    public const int FxBytes = 512;

    private readonly ulong[] _registers = new ulong[16];
    private readonly byte[] _fx = new byte[FxBytes];
    private readonly byte[] _upper = new byte[XsaveComponents.AvxBytes];

    /// <summary>RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15.</summary>
    public Span<ulong> Registers => _registers;

    /// <summary>The FXSAVE image.</summary>
    public Span<byte> Fx => _fx;

    /// <summary>The upper halves of YMM0 to YMM15, 16 bytes each.</summary>
    public Span<byte> Upper => _upper;

    /// <summary>RIP.</summary>
    public ulong Rip { get; set; }

    /// <summary>RFLAGS.</summary>
    public ulong Rflags { get; set; }

    /// <summary>FS base.</summary>
    public ulong FsBase { get; set; }

    /// <summary>GS base.</summary>
    public ulong GsBase { get; set; }

    /// <summary>Makes this the state in which a program starts: everything zero, FCW 037FH, MXCSR 1F80H.</summary>
    /// <remarks>Source: [x86-64 psABI, "Process Initialization"]; [Linux arch/x86/include/asm/elf.h, ELF_PLAT_INIT].</remarks>
    public void Reset()
    {
        Registers.Clear();
        (Rip, Rflags, FsBase, GsBase) = (0, Cpu.Rflags.AlwaysSet | Cpu.Rflags.IF, 0, 0);
        FxImage.Reset(Fx);
        Upper.Clear();
    }
}
