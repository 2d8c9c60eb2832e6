using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>What of a large operand a processor asks for before all else.</summary>
/// <param name="Offset">Where in the operand, in bytes.</param>
/// <param name="Bytes">How much.</param>
internal readonly record struct AskedFirst(int Offset, int Bytes);

/// <summary>Large operands over two pages: the address of a page fault tells in which order they were asked for.</summary>
/// <remarks>
/// All processors ask for a part that is theirs to choose, then for the first byte and for the last one, before a byte moves. So the order is
/// looked up only once the operand as a whole has faulted. Source: measured.
/// </remarks>
internal static unsafe class LargeOperands
{
    /// <summary>The operand to read; null when it faults.</summary>
    public static byte* Read(Vcpu vcpu, CpuState* s, ulong address, int bytes, AskedFirst first)
    {
        byte* from = vcpu.Read(s, address, bytes);
        if (from is null && vcpu.Exit.Kind == CoreExitKind.PageFault)
        {
            // Whoever answers null has noted its own fault.
            _ = vcpu.Read(s, address + (ulong)first.Offset, first.Bytes) is not null
                && vcpu.Read(s, address, 1) is not null
                && vcpu.Read(s, address + (ulong)bytes - 1, 1) is not null;
        }

        return from;
    }

    /// <summary>The operand to write and commit; null when it faults.</summary>
    public static byte* Open(Vcpu vcpu, CpuState* s, ulong address, int bytes, AskedFirst first)
    {
        byte* to = vcpu.OpenStore(s, address, bytes);
        if (to is null && vcpu.Exit.Kind == CoreExitKind.PageFault)
        {
            _ = vcpu.OpenStore(s, address + (ulong)first.Offset, first.Bytes) is not null
                && vcpu.OpenStore(s, address, 1) is not null
                && vcpu.OpenStore(s, address + (ulong)bytes - 1, 1) is not null;
        }

        return to;
    }

    /// <summary>Notes why an area of XSAVE or FXSAVE does not lie where it has to: #GP(0), or #AC where that is checked.</summary>
    /// <remarks>Alignment to 4 bytes is all that #AC looks at. Source: [SDM2 "FXSAVE", #AC]; measured.</remarks>
    /// <returns>Null.</returns>
    public static byte* Misaligned(Vcpu vcpu, CpuState* s, ulong address, bool checks) =>
        checks && vcpu.Data.ChecksAlignment && (address & 3) != 0 ? vcpu.Read(s, address, 4) : SseForms.Misaligned(vcpu);
}
