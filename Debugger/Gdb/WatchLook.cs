using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Watched memory as goals of a move, and whether it differs between two positions.</summary>
/// <param name="journey">The journey.</param>
internal sealed class WatchLook(Journey journey)
{
    /// <summary>What a move to the next change looks for.</summary>
    public IEnumerable<Goal> Goals(Watched watched)
    {
        if (watched.Space is not { } space)
        {
            return IsTable(watched) ? Entries(watched) : [.. Entries(watched), .. watched.Pieces().Select(piece => Physical(piece.Address, piece.Length))];
        }

        return watched.Pieces().Select(piece => new WatchGoal(
            $"memory 0x{piece.Address:x}", kernel => PlaceOf(kernel, space, new VirtAddr(piece.Address)), piece.Length));
    }

    /// <summary>True when the bytes are known at both positions and differ.</summary>
    public bool Differs(Watched watched, Position one, Position other) =>
        Bytes(watched, one) is { } before && Bytes(watched, other) is { } after && !before.AsSpan().SequenceEqual(after);

    /// <summary>The micro-step before which a watched page-table entry still is what it was; null when no entry of it was written on the way.</summary>
    /// <param name="watched">What is watched.</param>
    /// <param name="after">Behind this position.</param>
    /// <param name="until">Up to this one.</param>
    public Position? BeforeEntry(Watched watched, Position after, Position until)
    {
        if (watched.Space is not null)
        {
            return null;
        }

        List<EventGoal> slots = [.. Entries(watched).OfType<EventGoal>()];
        for (ulong time = until.Time; time >= after.Time && time <= until.Time; time--)
        {
            Happenings what = journey.At(time);
            for (int i = what.Events.Count - 1; i >= 0; i--)
            {
                Position where = new(time, what.After(i));
                if (where > after && where <= until && slots.Exists(slot => slot.Kinds.Has(what.Events[i].Kind) && slot.IsMet(what.Events[i])))
                {
                    return journey.Course.PreviousMicro(where).Where;
                }
            }
        }

        return null;
    }

    private static IEnumerable<Goal> Entries(Watched watched) => watched.Slots().Select(slot => EventGoal.Entry(slot));

    private static WatchGoal Physical(ulong address, int length) => new(
        $"memory 0x{address:x}", kernel => new KernelView(kernel).IsRam(new PhysAddr(address + (ulong)length - 1)) ? new PhysAddr(address) : null, length);

    private bool IsTable(Watched watched) =>
        journey.Look(kernel => new KernelView(kernel).FrameOf(new Pfn(watched.Address >> 12)).Use == FrameUse.Table);

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
