using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>The look-aside's answer alone: handlers take the hit here and leave everything else to a slower twin, named <c>…Miss</c>.</summary>
/// <remarks>
/// A handler that only jumps to its twin needs no stack frame, and a hit has nothing to commit. One comparison tells tag,
/// right and page crossing: the tag is the page's address, so what is left of a matching address is the offset in the page.
/// </remarks>
internal static unsafe class Probe
{
    private const ulong EntryMask = (CpuState.LookAsideEntries - 1) * 16;

    /// <summary>The bytes to read; false when the look-aside does not know them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(CpuState* s, ulong va, int bytes, out byte* at)
    {
        ulong* entry = (ulong*)((byte*)s + CpuState.ReadLookAsideOffset + ((va >> 8) & EntryMask));
        ulong offset = va ^ entry[0];
        at = (byte*)entry[1] + offset;
        return offset <= (ulong)(4096 - bytes);
    }

    /// <summary>The bytes to write; false when the look-aside does not know them. There is nothing to commit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(CpuState* s, ulong va, int bytes, out byte* at)
    {
        ulong* entry = (ulong*)((byte*)s + CpuState.WriteLookAsideOffset + ((va >> 8) & EntryMask));
        ulong offset = va ^ entry[0];
        at = (byte*)entry[1] + offset;
        return offset <= (ulong)(4096 - bytes);
    }

    /// <summary>The bytes to read, without the alignment check of RFLAGS.AC; null when the access faults.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* ReadAnywhere(Vcpu vcpu, CpuState* s, ulong va, int bytes) =>
        TryRead(s, va, bytes, out byte* at) ? at : vcpu.Data.ReadAnywhere(va, bytes);

    /// <summary>The bytes to store, without the alignment check of RFLAGS.AC; null when the access faults. Commit as usual.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* OpenAnywhere(Vcpu vcpu, CpuState* s, ulong va, int bytes) =>
        TryWrite(s, va, bytes, out byte* at) ? at : vcpu.Data.OpenStoreAnywhere(va, bytes);
}
