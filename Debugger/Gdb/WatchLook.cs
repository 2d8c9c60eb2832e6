using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Watched memory as goals of a move, and whether it differs between two positions.</summary>
/// <param name="journey">The journey.</param>
internal sealed class WatchLook(Journey journey)
{
    /// <summary>What a move to the next stop looks for.</summary>
    public static IEnumerable<Goal> Goals(Watched watched) => watched.Kind switch
    {
        WatchKind.Read => [AccessOf(watched)],
        WatchKind.Access => [.. Changes(watched), AccessOf(watched)],
        _ => Changes(watched),
    };

    /// <summary>True when watched memory is what a debugger is to be told of behind <paramref name="one"/>, up to <paramref name="other"/>: one step.</summary>
    public bool IsMet(Watched watched, Position one, Position other) =>
        (watched.Kind != WatchKind.Read && Differs(watched, one, other))
        || (watched.Kind != WatchKind.Write && journey.Course.HasAccess(AccessOf(watched), one, other));

    /// <summary>True when the bytes are known at both positions and differ.</summary>
    public bool Differs(Watched watched, Position one, Position other) =>
        Bytes(watched, one) is { } before && Bytes(watched, other) is { } after && !before.AsSpan().SequenceEqual(after);

    /// <summary>The micro-step before which watched RAM still is what it was; null when it was not changed inside of what happens at one T.</summary>
    /// <param name="watched">What is watched.</param>
    /// <param name="after">Behind this position.</param>
    /// <param name="until">Up to this one.</param>
    public Position? BeforeChange(Watched watched, Position after, Position until)
    {
        if (watched.Space is not null)
        {
            return null;
        }

        List<Goal> goals = [.. Changes(watched)];
        for (ulong time = until.Time; time >= after.Time && time <= until.Time; time--)
        {
            Position? last = StepsAt(goals, journey.At(time)).Where(where => where > after && where <= until).Select(where => (Position?)where).Max();
            if (last is { } found)
            {
                return journey.Course.PreviousMicro(found).Where;
            }
        }

        return null;
    }

    /// <summary>Micro-steps of one T behind which one of the changes is over.</summary>
    private IEnumerable<Position> StepsAt(List<Goal> goals, Happenings what)
    {
        for (int i = 0; i < what.Events.Count; i++)
        {
            if (goals.OfType<EventGoal>().Any(slot => slot.Kinds.Has(what.Events[i].Kind) && slot.IsMet(what.Events[i])))
            {
                yield return new Position(what.Time, what.After(i));
            }
        }

        foreach (WatchGoal bytes in goals.OfType<WatchGoal>())
        {
            foreach (uint step in new RamChanges(journey.Course, bytes).At(what.Time).Where(step => !what.IsInstruction(step)))
            {
                yield return new Position(what.Time, step);
            }
        }
    }

    /// <summary>Entries are told by events at once; whatever else changes RAM is found by comparing it.</summary>
    private static IEnumerable<Goal> Changes(Watched watched) => watched.Space is { } space
        ? watched.Pieces().Select(piece => new WatchGoal($"memory 0x{piece.Address:x}", kernel => PlaceOf(kernel, space, new VirtAddr(piece.Address)), piece.Length))
        : [.. watched.Slots().Select(slot => EventGoal.Entry(slot)), .. watched.Pieces().Select(piece => Physical(piece.Address, piece.Length))];

    private static AccessGoal AccessOf(Watched watched) =>
        new($"access of 0x{watched.Address:x}", watched.Space, watched.Address, watched.Length, watched.Kind == WatchKind.Read);

    private static WatchGoal Physical(ulong address, int length) => new(
        $"memory 0x{address:x}", kernel => new KernelView(kernel).IsRam(new PhysAddr(address + (ulong)length - 1)) ? new PhysAddr(address) : null, length)
    {
        IsExact = true,
    };

    private static PhysAddr? PlaceOf(MiniKernel kernel, int space, VirtAddr address) =>
        new KernelView(kernel).EntryAt(space, address)?.Frame is { } frame ? frame.Base + (ulong)address.PageOffset : null;

    private byte[]? Bytes(Watched watched, Position where) => journey.Course.Look(where, kernel =>
    {
        byte[] bytes = new byte[watched.Length];
        KernelView view = new(kernel);
        int read = watched.Space is { } space
            ? view.ReadBehind(space, new VirtAddr(watched.Address), bytes, out _)
            : view.ReadPhysical(new PhysAddr(watched.Address), bytes);
        return read == bytes.Length ? bytes : null;
    });
}
