using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter.Dispatch;

/// <summary>Tier 0: runs decoded blocks, one handler call per op. The semantic reference of every other engine.</summary>
public sealed unsafe class Engine : IDisposable
{
    private readonly Vcpu _vcpu;
    private readonly BlockDecoder _decoder;
    private readonly Lowering _lowering;
    private readonly BlockPricing _pricing = new();
    private bool _decoded;

    /// <summary>An engine for <paramref name="vcpu"/>.</summary>
    public Engine(Vcpu vcpu)
    {
        _vcpu = vcpu;
        _decoder = new BlockDecoder(vcpu);
        _lowering = new Lowering(vcpu);
    }

    /// <summary>Runs until <see cref="Vcpu.Exit"/> has a reason, at most <paramref name="budget"/> instructions.</summary>
    /// <returns>Instructions retired: exact, also when the run ends in a fault.</returns>
    public ulong Run(ulong budget)
    {
        CpuState* s = _vcpu.State;
        long given = (long)Math.Min(budget, long.MaxValue);
        s->Budget = given;
        s->BudgetEnd += (ulong)given;
        _vcpu.Exit.Kind = CoreExitKind.None;
        _vcpu.Exit.Unsupported = false;
        _vcpu.Exit.Missing = CpuFeatures.None;
        _vcpu.Exit.Event = EventKind.Exception;
        s->PendingLink = null;
        AccessChecks.Update(_vcpu);
        s->Rflags &= _vcpu.Debug.Armed ? ulong.MaxValue : ~Rflags.RF;
        _vcpu.RefreshBars();
        while (_vcpu.Exit.Kind == CoreExitKind.None)
        {
            if (s->Budget <= 0)
            {
                _vcpu.Exit.Kind = CoreExitKind.BudgetSpent;
                break;
            }

            if (Stepping.IsNeeded(_vcpu, s))
            {
                Stepping.RunOne(this, _vcpu);
                continue;
            }

            RunBlocks(s);
        }

        long left = s->Budget;
        (s->Budget, s->BudgetEnd) = (0, s->BudgetEnd - (ulong)left);
        return (ulong)(given - left);
    }

    /// <summary>Frees the working memory.</summary>
    public void Dispose() => _lowering.Dispose();

    /// <summary>Runs the block at RIP and those linked to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void RunBlocks(CpuState* s)
    {
        Vcpu vcpu = _vcpu;
        Op* op = Enter(s);
        if (vcpu.Clock is not null && op is not null)
        {
            RunTimed(s, op);
            return;
        }

        if (vcpu.Watched || vcpu.Probe is not null)
        {
            RunWatched(s, op);
            return;
        }

        while (op is not null)
        {
            op = op->Run(vcpu, s, op);
        }
    }

    /// <summary>The same, the op at work noted.</summary>
    private void RunWatched(CpuState* s, Op* op)
    {
        if (_vcpu.Probe is { } probe)
        {
            Probing.Run(_vcpu, s, op, probe);
            return;
        }

        while (op is not null)
        {
            s->Current = op;
            op = op->Run(_vcpu, s, op);
        }

        s->Current = null;
    }

    /// <summary>Runs the one block that begins with <paramref name="op"/>, and prices what of it retired.</summary>
    private void RunTimed(CpuState* s, Op* op)
    {
        Block block = _vcpu.Blocks[op->Block];
        long left = s->Budget;
        _vcpu.Clock!.FetchAhead(block.Start, block.FirstPageBytes);
        RunWatched(s, op);
        _pricing.Retire(_vcpu.Clock, block, block.Instructions.Length - (int)(s->Budget - left));
    }

    /// <summary>The first op of the block at RIP, its instructions taken off the budget; null when fetching faults.</summary>
    private Op* Enter(CpuState* s)
    {
        Op* link = (Op*)s->PendingLink;
        s->PendingLink = null;
        if (_vcpu.Blocks.IsFull)
        {
            _vcpu.Blocks.Clear();
            link = null;
        }

        Op* head = Resolve(s->Rip, BlockUse.Run);
        if (head is null)
        {
            return null;
        }

        if (head->Count > s->Budget)
        {
            head = Resolve(s->Rip, BlockUse.Step);
            if (head is null)
            {
                return null;
            }
        }
        else
        {
            _vcpu.Blocks.Remember(head);
            if (link is not null && !IsOverwritten(link, head))
            {
                BlockCache.Link(link, head);
            }
        }

        s->Budget -= head->Count;
        return head + 1;
    }

    /// <summary>True when the branch stood in the block that has just been decoded again where it was.</summary>
    private bool IsOverwritten(Op* link, Op* head) => _decoded && link >= head && link < head + _vcpu.Blocks[head->Block].Room;

    private Op* Resolve(ulong rip, BlockUse use)
    {
        if (!Fetching.TryTranslate(_vcpu, rip, out PhysAddr start))
        {
            return null;
        }

        Block? block = _vcpu.Blocks.Find(rip, start.Frame, use);
        if (block is not null && block.Head->Epoch != _vcpu.State->FetchEpoch && !StillValid(block, out bool faulted))
        {
            if (faulted)
            {
                return null;
            }

            _vcpu.CodeWritten(block.Start, block.FirstPageBytes);
            block = null;
        }

        _decoded = block is null;
        block ??= Decode(rip, start, use);
        if (block is null)
        {
            return null;
        }

        // A single step must come back after its instruction, so no other block may jump straight into it; and without
        // the look-aside every fetch has to reach the MMU.
        BlockCache.Stamp(block, use == BlockUse.Run && _vcpu.Pages.Enabled ? _vcpu.State->FetchEpoch : 0);
        return block.Head;
    }

    /// <summary>Reads the block, lowers it and keeps it; null when fetching faults.</summary>
    private Block? Decode(ulong rip, PhysAddr start, BlockUse use)
    {
        if (_decoder.Decode(rip, start, use) is not { } read)
        {
            return null;
        }

        Block block = _vcpu.Blocks.Begin(rip, start, use);
        ReadOnlySpan<Op> ops = _lowering.Lower(read, block.Number);
        block.Take(read.Code, read.Instructions, read.LastFrame);
        _vcpu.Domain.Protect(start.Frame);
        if (read.LastFrame != start.Frame)
        {
            _vcpu.Domain.Protect(read.LastFrame);
        }

        _vcpu.Blocks.Add(block, ops);
        return block;
    }

    /// <summary>True when the block's bytes are still in RAM where it was decoded from.</summary>
    private bool StillValid(Block block, out bool faulted)
    {
        faulted = false;
        int first = block.FirstPageBytes;
        if (block.Crosses)
        {
            if (!Fetching.TryTranslate(_vcpu, block.Rip + (ulong)first, out PhysAddr second))
            {
                faulted = true;
                return false;
            }

            if (second.Frame != block.LastFrame || !Same(second, block.Code.AsSpan(first)))
            {
                return false;
            }
        }

        return Same(block.Start, block.Code.AsSpan(0, first));
    }

    private bool Same(PhysAddr start, ReadOnlySpan<byte> code) => _vcpu.Ram.Slice(start, code.Length).SequenceEqual(code);
}
