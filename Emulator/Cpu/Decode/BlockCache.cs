using System.Runtime.InteropServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Decode;

/// <summary>The decoded blocks of one vCPU.</summary>
/// <remarks>
/// Found by virtual address and frame, so that two address spaces never share a block by mistake. Whether a block may run is
/// decided by its epoch (see <see cref="CpuState.FetchEpoch"/>); its bytes are compared again whenever the epoch has changed.
/// </remarks>
public sealed unsafe class BlockCache : IDisposable
{
    private const int QuickEntries = 1 << 14;
    private const int MaxBlocks = 1 << 17;

    private readonly Dictionary<BlockKey, Block> _byKey = [];
    private readonly Dictionary<ulong, List<Block>> _byFrame = [];
    private readonly List<Block> _blocks = [];
    private readonly QuickEntry* _quick = (QuickEntry*)NativeMemory.AllocZeroed(QuickEntries, (nuint)sizeof(QuickEntry));

    /// <summary>Number of blocks decoded since the last clearing.</summary>
    public int Count => _blocks.Count;

    /// <summary>True when the cache should be cleared before more blocks are added.</summary>
    public bool IsFull => _blocks.Count >= MaxBlocks;

    /// <summary>Under which control bits blocks are looked for and added: state instructions are decoded for them.</summary>
    public StateBars Bars { get; set; }

    /// <summary>The block by its number.</summary>
    public Block this[int number] => _blocks[number];

    /// <summary>The head of the block at <paramref name="rip"/>, if it was run lately; its epoch is for the caller to check.</summary>
    public Op* Quick(ulong rip)
    {
        QuickEntry* entry = _quick + (int)((rip ^ (rip >> 14)) & (QuickEntries - 1));
        return entry->Rip == rip ? entry->Head : null;
    }

    /// <summary>Makes <paramref name="head"/> the one that <see cref="Quick"/> gives for its address.</summary>
    public void Remember(Op* head)
    {
        QuickEntry* entry = _quick + (int)((head->Rip ^ (head->Rip >> 14)) & (QuickEntries - 1));
        entry->Rip = head->Rip;
        entry->Head = head;
    }

    /// <summary>The block at <paramref name="rip"/> in <paramref name="frame"/>; null when it has not been decoded.</summary>
    public Block? Find(ulong rip, Pfn frame, BlockUse use) =>
        _byKey.TryGetValue(new BlockKey(rip, frame.Raw, use, Bars), out Block? block) && !block.Dropped ? block : null;

    /// <summary>Takes a new block; its number is <see cref="Count"/> before the call.</summary>
    public void Add(Block block, BlockUse use)
    {
        _blocks.Add(block);
        _byKey[new BlockKey(block.Rip, block.Start.Frame.Raw, use, Bars)] = block;
        Note(block, block.Start.Frame);
        if (block.LastFrame != block.Start.Frame)
        {
            Note(block, block.LastFrame);
        }
    }

    /// <summary>True when some block was decoded from <paramref name="frame"/>.</summary>
    public bool HasCode(Pfn frame) => _byFrame.ContainsKey(frame.Raw);

    /// <summary>Drops every block that holds one of the bytes; blocks that run at this moment leave after the current instruction.</summary>
    /// <param name="start">First byte written.</param>
    /// <param name="lengthBytes">Number of bytes written; they lie in one frame.</param>
    /// <param name="leave">Handler that leaves a dropped block.</param>
    public void DropOverlapping(PhysAddr start, int lengthBytes, delegate*<Vcpu, CpuState*, Op*, Op*> leave)
    {
        if (!_byFrame.TryGetValue(start.Frame.Raw, out List<Block>? blocks))
        {
            return;
        }

        for (int i = blocks.Count - 1; i >= 0; i--)
        {
            Block block = blocks[i];
            if (!Overlaps(block, start, lengthBytes))
            {
                continue;
            }

            Drop(block, leave);
            blocks.RemoveAt(i);
        }

        if (blocks.Count == 0)
        {
            _byFrame.Remove(start.Frame.Raw);
        }
    }

    /// <summary>Drops every block and frees its memory; no block may be running.</summary>
    public void Clear()
    {
        foreach (Block block in _blocks)
        {
            NativeMemory.Free(block.Head);
        }

        _blocks.Clear();
        _byKey.Clear();
        _byFrame.Clear();
        NativeMemory.Clear(_quick, (nuint)(QuickEntries * sizeof(QuickEntry)));
    }

    /// <summary>Frees all native memory.</summary>
    public void Dispose()
    {
        Clear();
        NativeMemory.Free(_quick);
    }

    private static bool Overlaps(Block block, PhysAddr start, int lengthBytes)
    {
        if (block.LastFrame != block.Start.Frame)
        {
            return true;
        }

        ulong end = start.Raw + (ulong)lengthBytes;
        return start.Raw < block.Start.Raw + (ulong)block.Code.Length && block.Start.Raw < end;
    }

    private static void Drop(Block block, delegate*<Vcpu, CpuState*, Op*, Op*> leave)
    {
        block.Dropped = true;
        block.Head->Epoch = ulong.MaxValue;
        for (int i = 1; i < block.OpCount; i++)
        {
            block.Head[i].Run = leave;
        }
    }

    private void Note(Block block, Pfn frame)
    {
        if (!_byFrame.TryGetValue(frame.Raw, out List<Block>? blocks))
        {
            _byFrame[frame.Raw] = blocks = [];
        }

        blocks.Add(block);
    }

    private readonly record struct BlockKey(ulong Rip, ulong Frame, BlockUse Use, StateBars Bars);

    private struct QuickEntry
    {
        public ulong Rip;
        public Op* Head;
    }
}

/// <summary>For what a block is decoded.</summary>
public enum BlockUse : byte
{
    /// <summary>As long as it can be, with fused ops.</summary>
    Run,

    /// <summary>One instruction, to stop exactly behind it.</summary>
    Step,
}
