namespace MmuEmu.Kernel.Frames;

/// <summary>What a taken frame holds at first.</summary>
internal enum FrameContent
{
    /// <summary>Whatever it held; the taker overwrites all of it.</summary>
    Any,

    /// <summary>Zero bytes.</summary>
    Zero,
}

/// <summary>Where every floor takes its frames: the allocator with reclaim behind it.</summary>
internal interface IFrameSource
{
    /// <summary>Takes one frame with one reference, reclaiming if need be; null when memory is out.</summary>
    PageFrame? TryTake(FrameContent content);

    /// <summary>Takes one aligned run of 2^<paramref name="order"/> frames, its first with one reference, without reclaim; null when there is none.</summary>
    PageFrame? TryTakeBlock(int order, FrameContent content) => null;

    /// <summary>Drops one reference; the last one takes the page off its lists and frees it.</summary>
    void Release(PageFrame frame);

    /// <summary>Reclaims up to <paramref name="frames"/> frames now, whatever the watermarks say.</summary>
    /// <returns>Frames freed.</returns>
    ulong ReclaimNow(ulong frames);
}
