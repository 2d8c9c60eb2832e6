using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>Sets the accessed and dirty bits that a walk owes.</summary>
public static class AccessedDirty
{
    /// <summary>Sets A in every entry of <paramref name="path"/>, and D in the leaf when <paramref name="kind"/> is a write.</summary>
    /// <param name="ram">Guest RAM.</param>
    /// <param name="path">A walk that succeeded, leaf last.</param>
    /// <param name="kind">What the access does.</param>
    /// <param name="updates">Out: number of entries rewritten; the hardware counts one assist however many they are.</param>
    /// <returns>False when an entry changed since it was read: nothing was lost, and the walk has to start again.</returns>
    /// <remarks>Each update is one atomic compare-exchange. Source: [SDM3 Paging, "Accessed and Dirty Flags"].</remarks>
    public static bool TryCommit(PhysicalMemory ram, in WalkPath path, AccessKind kind, out int updates)
    {
        updates = 0;
        int last = path.Count - 1;
        for (int i = 0; i <= last; i++)
        {
            ref readonly WalkStep step = ref path[i];
            PteBits owed = i == last && kind == AccessKind.Write ? PteBits.A | PteBits.D : PteBits.A;
            if (step.Entry.Has(owed))
            {
                continue;
            }

            if (!ram.TryExchange(step.Slot, step.Entry.Raw, step.Entry.With(owed).Raw))
            {
                return false;
            }

            updates++;
        }

        return true;
    }

    /// <summary>Sets A in the entries of <paramref name="path"/> above its last one: the policy of processors that mark as they descend.</summary>
    public static void MarkUpper(PhysicalMemory ram, in WalkPath path)
    {
        for (int i = 0; i < path.Count - 1; i++)
        {
            ref readonly WalkStep step = ref path[i];
            if (!step.Entry.Has(PteBits.A))
            {
                _ = ram.TryExchange(step.Slot, step.Entry.Raw, step.Entry.With(PteBits.A).Raw);
            }
        }
    }
}
