using System.Runtime.InteropServices;

namespace MmuEmu.Emulator.Cpu;

/// <summary>The registers of one vCPU in native memory with a fixed layout, followed by its look-asides and by what ends a run.</summary>
/// <remarks>
/// One definition for every execution engine: offsets are taken from this struct, never typed again.
/// <code>
///  Slot 0..15   RAX RCX RDX RBX RSP RBP RSI RDI R8..R15 (Iced's and the hardware's order)
///  Slot 16      always zero: an absent base, index or segment adds nothing
///  Slot 17, 18  FS and GS base
///  Slot 19      scratch for a computed address
/// </code>
/// A register operand is the byte offset of its slot, plus one for AH, CH, DH and BH.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CpuState
{
    /// <summary>Slot that always holds zero.</summary>
    public const int ZeroSlot = 16;

    /// <summary>Slot of the FS base.</summary>
    public const int FsBaseSlot = 17;

    /// <summary>Slot of the GS base.</summary>
    public const int GsBaseSlot = 18;

    /// <summary>Slot for an address computed by a preceding op of the same instruction.</summary>
    public const int ScratchSlot = 19;

    /// <summary>Number of entries of each look-aside; a power of two.</summary>
    public const int LookAsideEntries = 1024;

    /// <summary>Byte offset of <see cref="ReadLookAside"/>, as a constant for the fastest path; a test compares it with the layout.</summary>
    public const int ReadLookAsideOffset = 0x400;

    /// <summary>Byte offset of <see cref="Vectors"/>, which lie right before the look-asides.</summary>
    public const int VectorsOffset = ReadLookAsideOffset - (16 * 32);

    /// <summary>Byte offset of <see cref="WriteLookAside"/>.</summary>
    public const int WriteLookAsideOffset = ReadLookAsideOffset + (16 * LookAsideEntries);

    /// <summary>The slots; see the layout above.</summary>
    public fixed ulong Slots[32];

    /// <summary>Address of the next instruction; exact whenever the engine is not inside a block.</summary>
    public ulong Rip;

    /// <summary>RFLAGS; its six arithmetic flags count only while <see cref="FlagKind"/> is <see cref="Cpu.FlagKind.Eager"/>.</summary>
    public ulong Rflags;

    /// <summary>First operand of the last flag-setting operation, shifted so that its sign bit is bit 63.</summary>
    public ulong FlagA;

    /// <summary>Second operand, shifted likewise.</summary>
    public ulong FlagB;

    /// <summary>Result, shifted likewise.</summary>
    public ulong FlagResult;

    /// <summary>CF (bit 0) and OF (bit 11) where the kind does not derive them.</summary>
    public ulong FlagStash;

    /// <summary>How to derive the arithmetic flags.</summary>
    public FlagKind FlagKind;

    /// <summary>64 minus the operand width in bits.</summary>
    public int FlagShift;

    /// <summary>Instructions that may still retire before the engine has to return.</summary>
    public long Budget;

    /// <summary>Changes whenever a code mapping may have changed; blocks validated under another epoch check again.</summary>
    public ulong FetchEpoch;

    /// <summary>Not zero while a store waits in the bounce buffer or went to a page that holds decoded code.</summary>
    public ulong PendingStore;

    /// <summary>MXCSR.</summary>
    public uint Mxcsr;

    /// <summary>x87 control word.</summary>
    public ushort FpuControl;

    /// <summary>x87 status word without TOP.</summary>
    public ushort FpuStatus;

    /// <summary>x87 top of stack, 0 to 7.</summary>
    public int FpuTop;

    /// <summary>x87 tags: bit i is set while physical register i is in use.</summary>
    public uint FpuInUse;

    /// <summary>Address of the last x87 instruction that was no control instruction (FIP).</summary>
    public ulong FpuIp;

    /// <summary>Offset of the last x87 operand in memory, without a segment base (FDP).</summary>
    public ulong FpuDp;

    /// <summary>Opcode of that instruction: bits 2:0 of its first byte, then the second (FOP).</summary>
    public ushort FpuOpcode;

    /// <summary>Code segment of that instruction (FCS).</summary>
    public ushort FpuCs;

    /// <summary>Segment of that operand (FDS).</summary>
    public ushort FpuDs;

    /// <summary><see cref="FpuOpcode"/> as the last unmasked exception found it; some processors show only this.</summary>
    public ushort FpuRaisedOpcode;

    /// <summary><see cref="FpuDp"/> likewise.</summary>
    public ulong FpuRaisedDp;

    /// <summary>Physical x87 registers: eight of 16 bytes, the low ten hold the 80-bit value.</summary>
    public fixed byte Fpu[8 * 16];

    /// <summary>XMM and YMM registers: sixteen of 32 bytes.</summary>
    public fixed byte Vectors[16 * 32];

    /// <summary>Pages that may be read without asking the MMU: {tag, host page} pairs.</summary>
    public fixed ulong ReadLookAside[2 * LookAsideEntries];

    /// <summary>Pages that may be written without asking the MMU: {tag, host page} pairs.</summary>
    public fixed ulong WriteLookAside[2 * LookAsideEntries];

    /// <summary>Why the run ends; <see cref="CoreExitKind.None"/> while it goes on.</summary>
    public CoreExit Exit;

    /// <summary>Branch whose target the engine has to look up, to be linked, in the engine's own terms; null when the target is computed.</summary>
    public void* PendingLink;

    /// <summary>Instructions retired by the time the budget is spent; less the budget, the time T of this moment.</summary>
    public ulong BudgetEnd;

    /// <summary>The op at work, kept while <see cref="Vcpu.Watched"/> or a clock is set; null between blocks and otherwise.</summary>
    public void* Current;
}
