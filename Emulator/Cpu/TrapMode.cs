namespace MmuEmu.Emulator.Cpu;

/// <summary>Who handles system calls, faults and exceptions.</summary>
public enum TrapMode : byte
{
    /// <summary>They leave the core: the kernel is hosted outside the machine.</summary>
    Exit,

    /// <summary>The core delivers them through the guest's own IDT and system-call registers; what it does not know itself still leaves.</summary>
    Idt,
}
