using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Looks at the walk of an address, as the processor at work would make it now, without making it.</summary>
internal static class WalkLook
{
    /// <summary>The walk, and what each kind of access would meet.</summary>
    /// <param name="kernel">The run.</param>
    /// <param name="address">The address.</param>
    /// <param name="name">Its name; empty for none.</param>
    public static WalkView At(MiniKernel kernel, VirtAddr address, string name)
    {
        Mmu mmu = kernel.Core.Mmu;
        PagingMode mode = mmu.Mode;
        bool canonical = address.IsCanonical(mode.AddressBits);
        bool mapped = mmu.TryPeek(address, out Leaf leaf, out WalkPath path);
        return new WalkView(address, name, kernel.Time, mode)
        {
            Path = path,
            Leaf = mapped ? leaf : null,
            Start = canonical ? mmu.PeekStart(address) : WalkStart.AtRoot(mode),
            InDataTlb = canonical && mmu.HoldsTranslation(AccessKind.Read, address),
            InCodeTlb = canonical && mmu.HoldsTranslation(AccessKind.Fetch, address),
            Meets = canonical ? [.. AccessText.All().Select(a => (a.Name, Judge(kernel, mode, a.Access with { Address = address })))] : [],
        };
    }

    private static PageFaultCode? Judge(MiniKernel kernel, in PagingMode mode, in Access access) =>
        PageWalker.TryWalk(kernel.Ram, mode, WalkStart.AtRoot(mode), access, out _, out _, out PageFault fault) ? null : fault.Code;
}
