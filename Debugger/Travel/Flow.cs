using Iced.Intel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Travel;

/// <summary>Which instructions call and return; code is read where the journey is, and read once.</summary>
/// <param name="journey">The journey.</param>
internal sealed class Flow(Journey journey)
{
    private const int LongestInstruction = 15;
    private const ulong PageBytes = 4096;
    private readonly Dictionary<ulong, (FlowControl Control, int Length)> _known = [];
    private readonly Dictionary<ulong, byte[]> _pages = [];

    /// <summary>True for a call.</summary>
    public bool Calls(ulong rip) => Of(rip).Control is FlowControl.Call or FlowControl.IndirectCall;

    /// <summary>True for a return.</summary>
    public bool Returns(ulong rip) => Of(rip).Control == FlowControl.Return;

    /// <summary>Length of the instruction in bytes; 0 where no code can be read.</summary>
    public int LengthOf(ulong rip) => Of(rip).Length;

    private (FlowControl Control, int Length) Of(ulong rip)
    {
        if (!_known.TryGetValue(rip, out (FlowControl, int) known))
        {
            Instruction instruction = Decoder.Create(64, CodeAt(rip), rip, DecoderOptions.None).Decode();
            known = instruction.IsInvalid ? (FlowControl.Next, 0) : (ControlOf(instruction), instruction.Length);
            _known.Add(rip, known);
        }

        return known;
    }

    /// <summary>SYSCALL and its like are calls to the decoder, and no return in the program's code belongs to them.</summary>
    private static FlowControl ControlOf(in Instruction instruction) =>
        instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall && instruction.Mnemonic != Mnemonic.Call
            ? FlowControl.Next
            : instruction.FlowControl;

    private byte[] CodeAt(ulong rip)
    {
        int offset = (int)(rip & (PageBytes - 1));
        byte[] page = PageAt(rip - (ulong)offset);
        int end = offset + LongestInstruction;
        return end <= page.Length ? page[offset..end]
            : page.Length < (int)PageBytes ? page[Math.Min(offset, page.Length)..]
            : [.. page[offset..], .. PageAt(rip - (ulong)offset + PageBytes).Take(end - (int)PageBytes)];
    }

    /// <summary>A whole page at once: to look at the machine it has to be brought here first.</summary>
    private byte[] PageAt(ulong start)
    {
        if (!_pages.TryGetValue(start, out byte[]? page))
        {
            page = journey.Look(kernel => Read(kernel, new VirtAddr(start)));
            _pages.Add(start, page);
        }

        return page;
    }

    /// <summary>Also what a fetch would only bring in: a step goes to code that was not used so far.</summary>
    private static byte[] Read(MiniKernel kernel, VirtAddr start)
    {
        KernelView view = new(kernel);
        byte[] bytes = new byte[PageBytes];
        int count = view.Spaces().FirstOrDefault(space => space.Root == kernel.Core.Mmu.Mode.Root) is { } space
            ? view.ReadBehind(space.Id, start, bytes, out _)
            : 0;
        return bytes[..count];
    }
}
