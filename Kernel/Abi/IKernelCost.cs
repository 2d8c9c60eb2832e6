namespace MmuEmu.Kernel.Abi;

/// <summary>A piece of kernel work that costs cycles.</summary>
public enum KernelWork
{
    /// <summary>The software path of a minor fault, without zeroing.</summary>
    MinorFault,

    /// <summary>The software path of a swap-in, without the device.</summary>
    MajorFault,

    /// <summary>Setting a frame to zero.</summary>
    ZeroPage,

    /// <summary>Copying a frame.</summary>
    CopyPage,

    /// <summary>Rewriting one page-table entry.</summary>
    EntryWrite,

    /// <summary>Invalidating one page in the TLB of the processor at work.</summary>
    FlushPage,

    /// <summary>Invalidating a whole address space in the TLB of the processor at work.</summary>
    FlushSpace,

    /// <summary>Taking a frame from the allocator.</summary>
    TakeFrame,

    /// <summary>Giving a frame back.</summary>
    FreeFrame,

    /// <summary>Looking at one page in reclaim.</summary>
    ScanPage,

    /// <summary>Reading one page from the swap device.</summary>
    SwapRead,

    /// <summary>Writing one page to the swap device.</summary>
    SwapWrite,
}

/// <summary>Prices kernel work; the mini-kernel's own instructions are not executed by the machine.</summary>
public interface IKernelCost
{
    /// <summary>Charges <paramref name="count"/> times <paramref name="work"/>.</summary>
    void Charge(KernelWork work, ulong count);
}

/// <summary>The price list on which all is free.</summary>
public sealed class FreeOfCost : IKernelCost
{
    /// <inheritdoc/>
    public void Charge(KernelWork work, ulong count)
    {
    }
}
