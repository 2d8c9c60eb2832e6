using Iced.Intel;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>A decoded basic block: ops in native memory, and the instructions they came from.</summary>
/// <remarks>
/// A block lies within one page, except a block of one instruction that crosses into a second page. Code that was written over
/// is decoded into the block that it was before: programs that write code write the same places again and again.
/// </remarks>
public sealed unsafe class Block
{
    // True when an image has the arrays too: then they do not change any more.
    private bool _shared;

    // What it was when it was saved or restored last; null when it has changed since.
    private BlockImage? _image;

    /// <summary>First op, the head; the ops of the instructions follow.</summary>
    public Op* Head { get; private set; }

    /// <summary>Number of ops, head and links included.</summary>
    public int OpCount { get; private set; }

    /// <summary>Number of ops for which there is room at <see cref="Head"/>.</summary>
    public int Room { get; private set; }

    /// <summary>Its number in its cache.</summary>
    public required int Number { get; init; }

    /// <summary>Virtual address of the first instruction.</summary>
    public required ulong Rip { get; init; }

    /// <summary>Physical address of the first instruction.</summary>
    public required PhysAddr Start { get; init; }

    /// <summary>Under which control bits it was decoded.</summary>
    public required StateBars Bars { get; init; }

    /// <summary>For what it was decoded.</summary>
    public required BlockUse Use { get; init; }

    /// <summary>Frame of the second page when the instruction crosses; otherwise the frame of <see cref="Start"/>.</summary>
    public Pfn LastFrame { get; private set; }

    /// <summary>How many of its bytes lie in the page of its first one.</summary>
    public int FirstPageBytes { get; private set; }

    /// <summary>True when its one instruction goes on in the next page, which may be mapped to the same frame.</summary>
    public bool Crosses => FirstPageBytes < Code.Length;

    /// <summary>The code bytes as they were decoded.</summary>
    public byte[] Code { get; private set; } = [];

    /// <summary>The instructions, by <see cref="Op.Ordinal"/>.</summary>
    public Instruction[] Instructions { get; private set; } = [];

    /// <summary>Their shapes, once somebody has asked for them; empty before. Who asks first works them out.</summary>
    public InstructionShape[] Shapes { get; private set; } = [];

    /// <summary>What its instructions cost together; zero until a clock asks.</summary>
    public BlockCost Cost { get; private set; }

    /// <summary>True once its bytes were overwritten; it does not run before it is decoded again.</summary>
    public bool Dropped { get; private set; }

    /// <summary>Takes what was decoded, the ops apart.</summary>
    internal void Take(ReadOnlySpan<byte> code, ReadOnlySpan<Instruction> instructions, Pfn lastFrame)
    {
        Code = _shared || Code.Length != code.Length ? new byte[code.Length] : Code;
        code.CopyTo(Code);
        Instructions = _shared || Instructions.Length != instructions.Length ? new Instruction[instructions.Length] : Instructions;
        instructions.CopyTo(Instructions);
        FirstPageBytes = InFirstPage();
        (LastFrame, Shapes, Cost, Dropped) = (lastFrame, [], default, false);
        (_image, _shared) = (null, false);
    }

    /// <summary>Takes where its ops lie.</summary>
    internal void Place(Op* head, int opCount, int room)
    {
        Head = head;
        (OpCount, Room, _image) = (opCount, room, null);
    }

    /// <summary>Takes the shapes that somebody has worked out.</summary>
    internal void Know(InstructionShape[] shapes) => (Shapes, _image) = (shapes, null);

    /// <summary>Takes what its instructions cost together.</summary>
    internal void Know(BlockCost cost) => (Cost, _image) = (cost, null);

    /// <summary>Its bytes were overwritten.</summary>
    internal void Drop() => (Dropped, _image) = (true, null);

    /// <summary>Its state as a value; the same object until something changes.</summary>
    internal BlockImage Save()
    {
        _shared = true;
        return _image ??= new((nuint)Head, OpCount, Room, LastFrame, Code, Instructions, Shapes, Cost, Dropped);
    }

    /// <summary>Takes that state again.</summary>
    internal void Restore(BlockImage image)
    {
        if (ReferenceEquals(_image, image))
        {
            return;
        }

        Head = (Op*)image.Head;
        (OpCount, Room, LastFrame) = (image.OpCount, image.Room, image.LastFrame);
        (Code, Instructions, Shapes, Cost, Dropped) = (image.Code, image.Instructions, image.Shapes, image.Cost, image.Dropped);
        FirstPageBytes = InFirstPage();
        (_image, _shared) = (image, true);
    }

    private int InFirstPage() => Math.Min(Code.Length, 4096 - (int)(Start.Raw & 0xFFF));
}
