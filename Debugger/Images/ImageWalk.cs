using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Images;

/// <summary>A walk through an image, by the rules of the machine.</summary>
internal sealed class ImageWalk
{
    private readonly PhysicalImage _image;

    /// <summary>Walks for <paramref name="address"/>, which is canonical in <paramref name="mode"/>.</summary>
    public ImageWalk(PhysicalImage image, in PagingMode mode, VirtAddr address)
    {
        (_image, Mode, Address) = (image, mode, address);
        MissingEntry missing = new();
        _ = TryWalk(new Access(address, AccessKind.Read, AccessOrigin.Supervisor), missing, out WalkPath path, out Leaf leaf, out _);
        (Path, Leaf, Missing) = (path, leaf.Entry.Present ? leaf : null, missing.Slot);
    }

    /// <summary>The control bits.</summary>
    public PagingMode Mode { get; }

    /// <summary>The address.</summary>
    public VirtAddr Address { get; }

    /// <summary>The entries read, the highest first; the one that the image does not hold is the last and reads as 0.</summary>
    public WalkPath Path { get; }

    /// <summary>The page that was reached; null when none was.</summary>
    public Leaf? Leaf { get; }

    /// <summary>The entry that the image does not hold; null when it holds all that were asked for.</summary>
    public PhysAddr? Missing { get; }

    /// <summary>What an access meets: null when it passes, otherwise the error code.</summary>
    public PageFaultCode? Judge(AccessKind kind, AccessOrigin origin) =>
        TryWalk(new Access(Address, kind, origin), new MissingEntry(), out _, out _, out PageFault fault) ? null : fault.Code;

    private bool TryWalk(in Access access, MissingEntry missing, out WalkPath path, out Leaf leaf, out PageFault fault) =>
        PageWalker.TryWalk(new ImageEntries(_image, missing), Mode, WalkStart.AtRoot(Mode), access, out path, out leaf, out fault);
}
