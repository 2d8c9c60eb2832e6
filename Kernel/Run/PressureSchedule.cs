using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Locks;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Pressure rules while they run: counts occurrences, and knows the next instruction at which something is due.</summary>
/// <param name="mem">Memory management.</param>
/// <param name="trace">Who is told.</param>
/// <param name="rules">The rules.</param>
/// <param name="marks">The marks that were set; null where no task can be held.</param>
internal sealed class PressureSchedule(MemorySystem mem, Tracer trace, IReadOnlyList<PressureRule> rules, MarkBoard? marks = null) : ICopyPoints, IStateful
{
    private readonly PressureRule[] _rules = [.. rules];
    private readonly Dictionary<string, ulong> _seen = new(StringComparer.Ordinal);
    private readonly bool[] _acted = new bool[rules.Count];
    private ulong _last;

    /// <summary>The schedule of a run, which copies through windows ask at their points.</summary>
    public static PressureSchedule Of(TaskSystem system, IReadOnlyList<PressureRule> rules)
    {
        PressureSchedule made = new(system.Memory, system.Trace, rules, system.Copies?.Marks);
        if (system.Copies is { } copies)
        {
            copies.Points = made;
        }

        return made;
    }

    /// <summary>The rules that have not acted so far, in their order.</summary>
    public IReadOnlyList<PressureRule> Unfired()
    {
        List<PressureRule> unfired = [];
        for (int i = 0; i < _rules.Length; i++)
        {
            if (!_acted[i])
            {
                unfired.Add(_rules[i]);
            }
        }

        return unfired;
    }

    /// <summary>Instructions from <paramref name="time"/> to the next instruction rule; <see cref="ulong.MaxValue"/> when there is none.</summary>
    public ulong InstructionsUntilNext(ulong time)
    {
        if (_rules.Length == 0)
        {
            return ulong.MaxValue;
        }

        ulong least = ulong.MaxValue;
        foreach (PressureRule rule in _rules)
        {
            ulong due = DueAfter(rule, time);
            least = due == ulong.MaxValue ? least : Math.Min(least, due - time);
        }

        return least;
    }

    /// <summary>Acts on every rule that is due at exactly <paramref name="time"/>; calling twice acts once.</summary>
    public void AtInstruction(ulong time)
    {
        if (time == _last || _rules.Length == 0)
        {
            return;
        }

        _last = time;
        for (int i = 0; i < _rules.Length; i++)
        {
            ref readonly PressureRule rule = ref _rules[i];
            bool due = rule.Trigger switch
            {
                PressureTrigger.Instruction => rule.Count == time,
                PressureTrigger.EveryInstructions => rule.Count != 0 && time % rule.Count == 0,
                _ => false,
            };
            if (due)
            {
                Act(i);
            }
        }
    }

    /// <summary>A system call of that name begins.</summary>
    public void AtEntry(string name) => AtOccurrence(PressureTrigger.SyscallEntry, name);

    /// <summary>A system call of that name has done its work.</summary>
    public void AtReturn(string name) => AtOccurrence(PressureTrigger.SyscallReturn, name);

    /// <summary>The guest set a mark.</summary>
    public void AtMark(string name) => AtOccurrence(PressureTrigger.Mark, name);

    /// <inheritdoc/>
    public string? At(in CopyMoment moment)
    {
        string? held = null;
        for (int i = 0; i < _rules.Length; i++)
        {
            if (!Meets(_rules[i], moment))
            {
                continue;
            }

            if (_rules[i].Action != PressureAction.Hold)
            {
                Act(i, moment);
            }
            else if (moment.MayHold && held is null && marks is not null && !marks.WasSet(_rules[i].Until!))
            {
                held = _rules[i].Until;
                Act(i, moment);
            }
        }

        return held;
    }

    /// <inheritdoc/>
    public int NextByte(ulong copy, int copied)
    {
        int next = int.MaxValue;
        foreach (PressureRule rule in _rules)
        {
            bool ahead = rule.Trigger == PressureTrigger.Copy && rule.Byte > copied && (rule.Count == 0 || rule.Count == copy);
            next = ahead ? Math.Min(next, rule.Byte) : next;
        }

        return next;
    }

    /// <inheritdoc/>
    public bool ActsLater(int pass)
    {
        foreach (PressureRule rule in _rules)
        {
            if (rule.Trigger == PressureTrigger.Copy && rule.Pass > (ulong)pass)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Meets(in PressureRule rule, in CopyMoment moment) =>
        rule.Trigger == PressureTrigger.Copy
        && (rule.Count == 0 || rule.Count == moment.Copy)
        && (rule.Pass == 0 || rule.Pass == (ulong)moment.Pass)
        && (rule.Byte > 0 ? moment.Point == CopyPoint.MidCopy && rule.Byte == moment.Copied : rule.Name == CopyPointNames.Of(moment.Point));

    private static ulong DueAfter(in PressureRule rule, ulong time) => rule.Trigger switch
    {
        PressureTrigger.Instruction => rule.Count > time ? rule.Count : ulong.MaxValue,
        PressureTrigger.EveryInstructions => rule.Count == 0 ? ulong.MaxValue : ((time / rule.Count) + 1) * rule.Count,
        _ => ulong.MaxValue,
    };

    private void AtOccurrence(PressureTrigger trigger, string name)
    {
        if (_rules.Length == 0)
        {
            return;
        }

        string key = $"{trigger} {name}";
        ulong count = _seen.GetValueOrDefault(key) + 1;
        _seen[key] = count;
        for (int i = 0; i < _rules.Length; i++)
        {
            ref readonly PressureRule rule = ref _rules[i];
            if (rule.Trigger == trigger && rule.Name == name && (rule.Count == 0 || rule.Count == count))
            {
                Act(i);
            }
        }
    }

    private void Act(int index, in CopyMoment moment = default)
    {
        ref readonly PressureRule rule = ref _rules[index];
        _acted[index] = true;
        WorkCause outer = trace.Cause;
        trace.Cause = new WorkCause(WorkCauseKind.Rule, (ulong)index);
        trace.For(KernelEvent.RuleFired)?.Take(
            new TraceEvent(KernelEvent.RuleFired) { Number = (ulong)index, Detail = new RuleDetail(rule.ToString()) });
        switch (rule.Action)
        {
            case PressureAction.Reclaim:
                _ = Pressure.Reclaim(mem, rule.Frames);
                break;
            case PressureAction.Purge:
                Pressure.PurgeAll(mem);
                break;
            case PressureAction.Age:
                Reclaimer.Age(mem);
                break;
            case PressureAction.Fail:
                mem.FailPoints.Arm(rule.What, rule.Allocations, rule.After);
                break;
            case PressureAction.Free:
                Pressure.FreeRun(mem);
                break;
            case PressureAction.Evict:
                Pressure.Evict(mem, moment.Space, moment.User);
                break;
            case PressureAction.Hold:
                break;
        }

        trace.Cause = outer;
    }

    object IStateful.Save(object? last) => (_last, (bool[])[.. _acted], (KeyValuePair<string, ulong>[])[.. _seen]);

    void IStateful.Restore(object state)
    {
        (_last, bool[] acted, KeyValuePair<string, ulong>[] seen) = ((ulong, bool[], KeyValuePair<string, ulong>[]))state;
        acted.CopyTo(_acted, 0);
        SavedItems.PutBack(_seen, seen);
    }
}
