using Iced.Intel;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Decode;

/// <summary>What was read of the code at one address: instructions with a verdict each, until the next block is read.</summary>
/// <remarks>Nothing in it says how an instruction is carried out: every way to run a block begins here.</remarks>
internal sealed class DecodedBlock
{
    /// <summary>Most instructions of a block.</summary>
    public const int MaxInstructions = 64;

    private readonly Instruction[] _instructions = new Instruction[MaxInstructions];
    private readonly Verdict[] _verdicts = new Verdict[MaxInstructions];
    private readonly byte[] _window;

    /// <summary>A block whose bytes lie at the beginning of <paramref name="window"/>.</summary>
    public DecodedBlock(byte[] window) => _window = window;

    /// <summary>Instructions read, 1 to <see cref="MaxInstructions"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes read.</summary>
    public int Length { get; private set; }

    /// <summary>Where the first one lies.</summary>
    public ulong Rip { get; private set; }

    /// <summary>The frame of the last byte.</summary>
    public Pfn LastFrame { get; set; }

    /// <summary>True when the program goes on behind the last instruction: it is no branch, and it runs.</summary>
    public bool FallsThrough { get; private set; }

    /// <summary>The bytes, as the processor fetched them.</summary>
    public ReadOnlySpan<byte> Code => _window.AsSpan(0, Length);

    /// <summary>The instructions in their order.</summary>
    public ReadOnlySpan<Instruction> Instructions => _instructions.AsSpan(0, Count);

    /// <summary>What becomes of each.</summary>
    public ReadOnlySpan<Verdict> Verdicts => _verdicts.AsSpan(0, Count);

    /// <summary>The bytes of one instruction.</summary>
    public ReadOnlySpan<byte> CodeOf(int index) =>
        _window.AsSpan((int)(_instructions[index].IP - Rip), _instructions[index].Length);

    /// <summary>Forgets what it holds.</summary>
    public void Begin(ulong rip) => (Rip, Count, Length, FallsThrough) = (rip, 0, 0, false);

    /// <summary>Adds an instruction.</summary>
    /// <returns>True when more may follow in the same block.</returns>
    public bool Add(in Instruction instruction, Verdict verdict)
    {
        _instructions[Count] = instruction;
        _verdicts[Count] = verdict;
        Count++;
        Length += instruction.Length;
        FallsThrough = verdict.Kind == VerdictKind.Runs && instruction.FlowControl == FlowControl.Next;
        return FallsThrough;
    }

    /// <summary>Says that the bytes of the last instruction, which is none, reach as far as <paramref name="length"/>.</summary>
    public void Extend(int length) => Length = length;

    /// <summary>Drops what stands behind the first <paramref name="count"/> instructions: the last of them is not carried out.</summary>
    public void CutTo(int count)
    {
        Count = count;
        Length = (int)(_instructions[count - 1].NextIP - Rip);
        FallsThrough = false;
    }
}
