using Iced.Intel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>Which instructions call and return; code is read where the journey is, and read once.</summary>
/// <param name="journey">The journey.</param>
internal sealed class Flow(Journey journey)
{
    private const int LongestInstruction = 15;
    private readonly Dictionary<ulong, (FlowControl Control, int Length)> _known = [];

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
            byte[] code = journey.Look(kernel => Read(kernel, rip));
            Instruction instruction = Decoder.Create(64, code, rip, DecoderOptions.None).Decode();
            known = instruction.IsInvalid ? (FlowControl.Next, 0) : (instruction.FlowControl, instruction.Length);
            _known.Add(rip, known);
        }

        return known;
    }

    private static byte[] Read(MiniKernel kernel, ulong rip)
    {
        List<byte> code = [];
        while (code.Count < LongestInstruction && kernel.Core.Mmu.TryPeek(new VirtAddr(rip + (ulong)code.Count), out Leaf leaf, out _))
        {
            ulong offset = (rip + (ulong)code.Count) & (leaf.Size.Bytes() - 1);
            int chunk = (int)Math.Min((ulong)(LongestInstruction - code.Count), leaf.Size.Bytes() - offset);
            code.AddRange(kernel.Ram.Slice(leaf.Entry.LeafFrame(leaf.Size).Base + offset, chunk));
        }

        return [.. code];
    }
}
