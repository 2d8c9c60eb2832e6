using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>Loads of data-segment registers from the guest's own descriptor table.</summary>
/// <remarks>Source: [SDM2 "MOV", the checks for loading a segment register].</remarks>
internal static unsafe class SegmentLoads
{
    /// <summary>Loads a selector that is not null; the op goes on, or the exit says why not.</summary>
    public static Op* Load(Vcpu vcpu, Op* op, SegmentNumber segment, ushort selector)
    {
        uint error = selector & ~3U;
        if (!Descriptors.TryRead(vcpu, selector, out Descriptor descriptor, out bool refused))
        {
            return refused ? vcpu.Raise(op, ExceptionVector.GP, error) : SystemFaults.Raise(vcpu, op);
        }

        int cpl = vcpu.Control.Cpl;
        int rpl = selector & 3;
        bool allowed = segment == SegmentNumber.Ss
            ? descriptor.IsWritableData && rpl == cpl && descriptor.Dpl == cpl
            : IsReadable(descriptor) && (IsConformingCode(descriptor) || descriptor.Dpl >= Math.Max(cpl, rpl));
        if (!allowed)
        {
            return vcpu.Raise(op, ExceptionVector.GP, error);
        }

        if (!descriptor.Present)
        {
            return vcpu.Raise(op, segment == SegmentNumber.Ss ? ExceptionVector.SS : ExceptionVector.NP, error);
        }

        vcpu.Control.SetSelector((int)segment, selector);
        if (segment == SegmentNumber.Fs)
        {
            vcpu.FsBase = descriptor.Base;
        }
        else if (segment == SegmentNumber.Gs)
        {
            vcpu.GsBase = descriptor.Base;
        }

        return op + 1;
    }

    private static bool IsConformingCode(Descriptor descriptor) => descriptor.IsCode && descriptor.IsConforming;

    /// <summary>Data, or code that may be read.</summary>
    private static bool IsReadable(Descriptor descriptor) =>
        descriptor.IsSegment && (!descriptor.IsCode || (descriptor.Type & 2) != 0);
}
