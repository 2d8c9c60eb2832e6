namespace MmuEmu.Emulator.Cpu;

/// <summary>Numbers of the general-purpose registers, as instructions encode them: what <see cref="Vcpu"/> and <see cref="CpuState.Slots"/> are indexed by.</summary>
/// <remarks>Source: [SDM2 Instruction Format, "REX.B, REX.X, REX.R: register encodings"].</remarks>
public static class Gpr
{
    /// <summary>RAX.</summary>
    public const int Rax = 0;

    /// <summary>RCX.</summary>
    public const int Rcx = 1;

    /// <summary>RDX.</summary>
    public const int Rdx = 2;

    /// <summary>RBX.</summary>
    public const int Rbx = 3;

    /// <summary>RSP.</summary>
    public const int Rsp = 4;

    /// <summary>RBP.</summary>
    public const int Rbp = 5;

    /// <summary>RSI.</summary>
    public const int Rsi = 6;

    /// <summary>RDI.</summary>
    public const int Rdi = 7;

    /// <summary>R8.</summary>
    public const int R8 = 8;

    /// <summary>R9.</summary>
    public const int R9 = 9;

    /// <summary>R10.</summary>
    public const int R10 = 10;

    /// <summary>R11.</summary>
    public const int R11 = 11;

    /// <summary>R12.</summary>
    public const int R12 = 12;

    /// <summary>R13.</summary>
    public const int R13 = 13;

    /// <summary>R14.</summary>
    public const int R14 = 14;

    /// <summary>R15.</summary>
    public const int R15 = 15;
}
