using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Remembers which pages raised SIGBUS and whether the program took them back: what the end of a run is told about.</summary>
internal sealed class NotableSignals : ITraceSink
{
    private const ulong NonVolatile = 1;
    private static readonly TraceMask Signals = TraceMask.Of(KernelEvent.BusTaken);
    private static readonly TraceMask Repairs = Signals | TraceMask.Of(KernelEvent.FaultClassified, KernelEvent.RangeCall);

    private readonly SortedDictionary<(int Pid, ulong Page), PageRepair> _pages = [];

    /// <inheritdoc/>
    /// <remarks>Of all faults only once there is a page to be repaired: most programs never have one, and have millions of faults.</remarks>
    public TraceMask Wanted => _pages.Count > 0 ? Repairs : Signals;

    /// <summary>Pages whose SIGBUS a handler took, those of each process apart.</summary>
    public int Pages => _pages.Count;

    /// <summary>Those of them that the program took back.</summary>
    /// <remarks>A purged page: made non-volatile and written after its last SIGBUS. Any other: no second SIGBUS came.</remarks>
    public int Repaired => _pages.Values.Count(page => page is PageRepair.Written or PageRepair.Once);

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        (int Pid, ulong Page) page = (happened.Stamp.Pid, happened.Address.PageBase.Raw);
        switch (happened.Kind)
        {
            case KernelEvent.BusTaken:
                _pages[page] = (FaultKind)happened.Number == FaultKind.Purged || _pages.ContainsKey(page) ? PageRepair.Lost : PageRepair.Once;
                break;
            case KernelEvent.FaultClassified when _pages.Count > 0:
                Touched(page, (PageFaultCode)happened.Argument);
                break;
            case KernelEvent.RangeCall when _pages.Count > 0 && happened.Argument == NonVolatile && SyscallTable.NameOf(happened.Number) is "vrange" or "mvrange":
                MadeNonVolatile(happened);
                break;
        }
    }

    /// <summary>The pages as text, the first few of them.</summary>
    public string PagesText(int most)
    {
        string shown = string.Join(' ', _pages.Keys.Take(most).Select(page => new VirtAddr(page.Page).ToString()));
        return _pages.Count > most ? $"{shown} and {_pages.Count - most} more" : shown;
    }

    private void Touched((int Pid, ulong Page) page, PageFaultCode code)
    {
        if ((code & PageFaultCode.WR) != 0 && _pages.TryGetValue(page, out PageRepair repair) && repair == PageRepair.Kept)
        {
            _pages[page] = PageRepair.Written;
        }
    }

    private void MadeNonVolatile(in TraceEvent happened)
    {
        VirtRange range = VirtRange.Of(happened.Address, happened.Count);
        int pid = happened.Stamp.Pid;
        if (range.LengthBytes >> 12 > (ulong)_pages.Count)
        {
            _pages.Keys.Where(page => page.Pid == pid && range.Contains(new VirtAddr(page.Page))).ToList().ForEach(Keep);
            return;
        }

        for (VirtAddr page = range.Start.PageBase; page.Raw < range.End.Raw; page += 4096)
        {
            Keep((pid, page.Raw));
        }
    }

    private void Keep((int Pid, ulong Page) page)
    {
        if (_pages.TryGetValue(page, out PageRepair repair) && repair == PageRepair.Lost)
        {
            _pages[page] = PageRepair.Kept;
        }
    }

    /// <summary>How far a program came with a page since its last SIGBUS.</summary>
    private enum PageRepair
    {
        /// <summary>Nowhere.</summary>
        Lost,

        /// <summary>It is not volatile any more.</summary>
        Kept,

        /// <summary>And it was written since.</summary>
        Written,

        /// <summary>It was never volatile, and its one SIGBUS was the last.</summary>
        Once,
    }
}
