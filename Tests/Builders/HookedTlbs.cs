using MmuEmu.Kernel.Tables;

namespace MmuEmu.Tests.Builders;

/// <summary>Stands between the kernel and the TLBs of a harness: to look at the moment of a flush, or to leave flushes out.</summary>
internal sealed class HookedTlbs : ITlbShootdown
{
    private readonly MmHarness _mm;

    public HookedTlbs(MmHarness mm)
    {
        _mm = mm;
        mm.Mem.Gathers.Tlbs = this;
    }

    /// <summary>Runs just before the TLBs are told.</summary>
    public Action Before { get; init; } = () => { };

    /// <summary>Tells nobody: a mutation of the kernel.</summary>
    public bool Skips { get; set; }

    /// <summary>Flushes that were asked for.</summary>
    public int Asked { get; private set; }

    public void Invalidate(in FlushRequest request)
    {
        Asked++;
        Before();
        if (!Skips)
        {
            ((ITlbShootdown)_mm).Invalidate(request);
        }
    }
}
