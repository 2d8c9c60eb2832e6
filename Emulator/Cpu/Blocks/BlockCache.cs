using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Blocks;

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
    private readonly CodeFrames _frames = new();
    private readonly List<Block> _blocks = [];
    private readonly List<int> _overwritten = [];

    // Memory that was too small when its code was decoded again is kept: links may still lead there.
    private readonly OpArena _ops = new();
    private readonly QuickEntry* _quick = (QuickEntry*)NativeMemory.AllocZeroed(QuickEntries, (nuint)sizeof(QuickEntry));

    /// <summary>Number of times that a block was decoded since the last clearing.</summary>
    public int Count { get; private set; }

    /// <summary>True when the cache should be cleared before more blocks are added.</summary>
    /// <remarks>Decoding again counts: when blocks are looked for anew is part of what the TLB sees.</remarks>
    public bool IsFull => Count >= MaxBlocks;

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
    public Block? Find(ulong rip, Pfn frame, BlockUse use)
    {
        if (Quick(rip) is var head && head is not null && _blocks[head->Block] is var lately && IsThat(lately, frame, use))
        {
            return lately;
        }

        return _byKey.TryGetValue(new BlockKey(rip, frame.Raw, use, Bars), out Block? block) && !block.Dropped ? block : null;
    }

    /// <summary>The block to decode into: one that was overwritten at the same place, or a new one. Nobody finds it before <see cref="Add"/>.</summary>
    public Block Begin(ulong rip, PhysAddr start, BlockUse use)
    {
        // Of a block that crosses, the other page may keep a note.
        return _byKey.TryGetValue(new BlockKey(rip, start.Frame.Raw, use, Bars), out Block? block) && !block.Crosses
            ? block
            : new Block { Number = _blocks.Count, Rip = rip, Start = start, Bars = Bars, Use = use };
    }

    /// <summary>Takes a decoded block that <see cref="Begin"/> gave; <paramref name="ops"/> are copied to memory of its own.</summary>
    public void Add(Block block, ReadOnlySpan<Op> ops)
    {
        if (block.Number == _blocks.Count)
        {
            _blocks.Add(block);
            _byKey[KeyOf(block)] = block;
        }

        if (block.Room < ops.Length)
        {
            block.Place((Op*)_ops.Take(ops.Length * sizeof(Op)), ops.Length, ops.Length);
        }

        ops.CopyTo(new Span<Op>(block.Head, block.Room));
        OpArena.Touch(block.Head, ops.Length * sizeof(Op));
        block.Place(block.Head, ops.Length, block.Room);
        _frames.Add(block.Number, block.Start, block.Code.Length, block.LastFrame);
        Count++;
    }

    /// <summary>True when some block was decoded from <paramref name="frame"/>.</summary>
    public bool HasCode(Pfn frame) => _frames.Holds(frame);

    /// <summary>Drops every block that holds one of the bytes; blocks that run at this moment leave after the current instruction.</summary>
    /// <param name="start">First byte written.</param>
    /// <param name="lengthBytes">Number of bytes written; they lie in one frame.</param>
    /// <param name="leave">Handler that leaves a dropped block.</param>
    public void DropOverlapping(PhysAddr start, int lengthBytes, Handler leave)
    {
        _frames.Take(start, lengthBytes, _overwritten);
        foreach (int number in _overwritten)
        {
            Drop(_blocks[number], leave);
        }

        _overwritten.Clear();
    }

    /// <summary>Drops every block; no block may be running.</summary>
    public void Clear()
    {
        _ops.Clear();
        _blocks.Clear();
        _byKey.Clear();
        _frames.Clear();
        Count = 0;
        NativeMemory.Clear(_quick, (nuint)(QuickEntries * sizeof(QuickEntry)));
    }

    /// <summary>Frees all native memory.</summary>
    public void Dispose()
    {
        Clear();
        _ops.Dispose();
        NativeMemory.Free(_quick);
    }

    /// <summary>Notes under which epoch a block was found valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Stamp(Block block, ulong epoch)
    {
        if (block.Head->Epoch != epoch)
        {
            block.Head->Epoch = epoch;
            OpArena.Touch(block.Head);
        }
    }

    /// <summary>Notes where a branch leads.</summary>
    internal static void Link(Op* branch, Op* head)
    {
        branch->Target = head;
        OpArena.Touch(branch);
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal BlocksImage Save(BlocksImage? last)
    {
        BlockImage[] states = new BlockImage[_blocks.Count];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = _blocks[i].Save();
        }

        ReadOnlySpan<QuickEntry> quick = new(_quick, QuickEntries);
        return new BlocksImage(
            ListImage<Block>.Of(CollectionsMarshal.AsSpan(_blocks), last?.Blocks), ListImage<BlockImage>.Of(states, last?.States),
            _ops.Save(), ArrayImage.Of(quick, last?.Quick), _frames.Save(last?.Frames), Count, Bars);
    }

    /// <summary>Takes that state again: every block that it had then is there again, its ops at the same address.</summary>
    internal void Restore(BlocksImage image)
    {
        _ops.Restore(image.Ops);
        image.Quick.CopyTo(new Span<QuickEntry>(_quick, QuickEntries));
        _frames.Restore(image.Frames);
        (Count, Bars) = (image.Count, image.Bars);
        _blocks.Clear();
        _byKey.Clear();
        for (int i = 0; i < image.Blocks.Count; i++)
        {
            Block block = image.Blocks[i];
            block.Restore(image.States[i]);
            _blocks.Add(block);
            _byKey[KeyOf(block)] = block;
        }
    }

    private bool IsThat(Block block, Pfn frame, BlockUse use) =>
        !block.Dropped && block.Start.Frame == frame && block.Bars == Bars && block.Use == use;

    private static void Drop(Block block, Handler leave)
    {
        block.Drop();
        OpArena.Touch(block.Head, block.OpCount * sizeof(Op));
        block.Head->Epoch = ulong.MaxValue;
        for (int i = 1; i < block.OpCount; i++)
        {
            block.Head[i].Run = leave;
        }
    }

    private static BlockKey KeyOf(Block block) => new(block.Rip, block.Start.Frame.Raw, block.Use, block.Bars);

    private readonly record struct BlockKey(ulong Rip, ulong Frame, BlockUse Use, StateBars Bars);

    private struct QuickEntry
    {
        public ulong Rip;
        public Op* Head;
    }
}
