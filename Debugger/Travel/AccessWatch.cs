using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Travel;

/// <summary>Looks for one kind of access: what an instruction touches is a hit once the instruction has retired.</summary>
/// <param name="goal">What is looked for.</param>
/// <param name="stage">The machine.</param>
internal sealed class AccessWatch(AccessGoal goal, Stage stage)
{
    private const ulong PageMask = 4095;
    private readonly Dictionary<ulong, PhysAddr?> _frames = [];
    private (ulong Time, ulong Rip, ulong Count, ulong Rounds)? _touched;

    /// <summary>What is looked for.</summary>
    public AccessGoal Goal => goal;

    /// <summary>The address space of the program at work; null for none.</summary>
    public int? Space { get; private set; }

    /// <summary>User code goes on, of another process perhaps, and pages may lie elsewhere than before.</summary>
    public void Locate()
    {
        _frames.Clear();
        Space = null;
        foreach (SpaceView space in new KernelView(stage.Kernel).Spaces())
        {
            Space = space.Root == stage.Kernel.Core.Mmu.Mode.Root ? space.Id : Space;
        }
    }

    /// <summary>Another instruction is about to run, or the same again.</summary>
    /// <param name="time">T.</param>
    /// <param name="rip">Its address; 0 when none is about to run.</param>
    /// <param name="count">RCX.</param>
    /// <param name="repeats">It is a repeated one: when it was interrupted it has done a part, and goes on with the rest.</param>
    /// <returns>T of the instruction that has touched what is looked for, and has retired since; null for none.</returns>
    public ulong? Settle(ulong time, ulong rip, ulong count, bool repeats)
    {
        if (_touched is not { } touched)
        {
            return null;
        }

        _touched = time == touched.Time && rip == touched.Rip && repeats && touched.Rounds <= touched.Count - count ? touched with { Rounds = 0 } : null;
        return time > touched.Time && touched.Rounds <= unchecked(touched.Count - count) ? touched.Time : null;
    }

    /// <summary>The instruction at <paramref name="rip"/> is about to touch memory.</summary>
    public void Look(ulong time, ulong rip, ulong count, List<Touch> touches)
    {
        foreach (Touch touch in touches)
        {
            if (IsMet(touch) && _touched is not { Rounds: 0 })
            {
                _touched = (time, rip, count, goal.Space is null ? 0 : touch.RoundsTo(goal.Start, (ulong)goal.Length));
            }
        }
    }

    /// <summary>True when an access of the program at work is meant.</summary>
    public bool IsMet(in Touch touch)
    {
        if (goal.Space is { } space)
        {
            return space == Space && goal.IsMetBy(touch);
        }

        bool met = false;
        for (ulong done = 0; done < touch.Length && !met;)
        {
            ulong at = touch.Start + done;
            ulong count = Math.Min(touch.Length - done, PageMask + 1 - (at & PageMask));
            met = FrameOf(at & ~PageMask) is { } frame && goal.IsMetBy(new Touch(frame.Raw + (at & PageMask), count, touch.Reads));
            done += count;
        }

        return met;
    }

    private PhysAddr? FrameOf(ulong page)
    {
        if (!_frames.TryGetValue(page, out PhysAddr? known))
        {
            known = Space is { } space ? new KernelView(stage.Kernel).EntryAt(space, new VirtAddr(page))?.Frame?.Base : null;
            _frames.Add(page, known);
        }

        return known;
    }
}
