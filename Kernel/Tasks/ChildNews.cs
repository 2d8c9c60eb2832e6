using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Finds children that have something to tell their parent.</summary>
/// <remarks>Source: [Linux kernel/exit.c, eligible_pid, wait_consider_task].</remarks>
internal static class ChildNews
{
    /// <summary>The oldest child that matches and has news.</summary>
    /// <param name="self">The parent.</param>
    /// <param name="wanted">As wait4 takes it: an id, -1 for every child, 0 for those of the parent's group, -n for those of group n.</param>
    /// <param name="changes">Which news count.</param>
    /// <param name="any">Out: true when a child matches, with news or without.</param>
    /// <returns>The child; null when none has news.</returns>
    public static Process? Find(Process self, int wanted, ChildChanges changes, out bool any)
    {
        any = false;
        foreach (Process child in self.Children)
        {
            bool matches = wanted switch
            {
                -1 => true,
                > 0 => child.Pid == wanted,
                0 => child.Group == self.Group,
                _ => child.Group == -wanted,
            };
            any |= matches;
            if (matches && IsNews(child, changes))
            {
                return child;
            }
        }

        return null;
    }

    private static bool IsNews(Process child, ChildChanges changes) => child.StatusIsNews && child.State switch
    {
        ProcessState.Zombie => (changes & ChildChanges.Exited) != 0,
        ProcessState.Stopped => (changes & ChildChanges.Stopped) != 0,
        ProcessState.Alive => (changes & ChildChanges.Continued) != 0,
        ProcessState.Reaped => false,
    };
}
