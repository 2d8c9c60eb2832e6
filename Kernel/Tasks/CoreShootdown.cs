using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Carries the kernel's flushes out on every processor that may hold entries of the space.</summary>
/// <remarks>
/// User pages are never global, so a space's entries are those of its PCID. A processor may hold them from the moment it
/// loads the PCID until all of them were flushed while it ran another. Source: [Linux arch/x86/mm/tlb.c, flush_tlb_func, mm_cpumask].
/// </remarks>
internal sealed class CoreShootdown : ITlbShootdown, IWindowFlush, IStateful
{
    private const int Pcids = 4096;

    private readonly ProcessorSet _processors;
    private readonly ulong[] _holders = new ulong[Pcids];

    /// <summary>Flushes on <paramref name="processors"/>.</summary>
    public CoreShootdown(ProcessorSet processors)
    {
        _processors = processors;
        if (processors.Count == 1)
        {
            Array.Fill(_holders, 1UL);
        }
    }

    /// <summary>A processor loads a space: from now on it may hold entries of the PCID.</summary>
    public void Loaded(Processor processor, ushort pcid) => _holders[pcid] |= 1UL << processor.Number;

    /// <summary>The identifier under which a processor holds entries of a space: 0 when it has none.</summary>
    public static ushort PcidOf(Vcpu vcpu, in SpaceTag tag) => (vcpu.Control.Cr4 & Cr4Bits.Pcide) != 0 ? tag.Pcid : (ushort)0;

    /// <inheritdoc/>
    public void Invalidate(in FlushRequest request)
    {
        ushort pcid = PcidOf(_processors.Cores[0].Vcpu, request.Space);
        ulong remote = 0;
        for (int i = 0; i < _processors.Count; i++)
        {
            if ((_holders[pcid] >> i & 1) == 0)
            {
                continue;
            }

            Invalidate(_processors.Cores[i], request, pcid);
            bool gone = request.Scope == FlushScope.Space && _processors.Cores[i].Mmu.Mode.Pcid != pcid && _processors.Count > 1;
            _holders[pcid] &= gone ? ~(1UL << i) : ulong.MaxValue;
            if (i != _processors.Here.Number)
            {
                remote++;
                _processors.Cores[i].Clock?.Hardware(HardwarePath.ShootdownTarget);
            }
        }

        if (remote != 0)
        {
            _processors.Here.Core.Clock?.Hardware(HardwarePath.ShootdownSend);
        }
    }

    /// <inheritdoc/>
    public int Cpu => _processors.Here.Number;

    /// <inheritdoc/>
    public void Here(int cpu, VirtAddr address) => _processors.Cores[cpu].Mmu.InvalidatePage(address);

    /// <inheritdoc/>
    public int Everywhere()
    {
        for (int i = 0; i < _processors.Count; i++)
        {
            _processors.Cores[i].Mmu.InvalidateAll();
            _processors.Cores[i].Clock?.Hardware(i == _processors.Here.Number ? HardwarePath.ShootdownSend : HardwarePath.ShootdownTarget);
        }

        return _processors.Count - 1;
    }

    private static void Invalidate(Core core, in FlushRequest request, ushort pcid)
    {
        if (request.Scope == FlushScope.Space)
        {
            core.Mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(pcid));
            return;
        }

        for (VirtAddr at = request.Range.Start; at.Raw < request.Range.End.Raw; at += request.Stride.Bytes())
        {
            core.Mmu.Invalidate(TlbInvalidation.PageKeepGlobal(at, pcid));
        }
    }

    object IStateful.Save(object? last) => last is ulong[] same && same.AsSpan().SequenceEqual(_holders) ? last : _holders.Clone();

    void IStateful.Restore(object state) => ((ulong[])state).CopyTo(_holders, 0);
}
