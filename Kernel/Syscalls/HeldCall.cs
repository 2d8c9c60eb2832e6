using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>System calls whose copies meet pages that are held back: the caller waits, and the call acts once.</summary>
internal static class HeldCall
{
    /// <summary>Tries the stores that were kept; those that are held still are kept again.</summary>
    /// <returns>How the call ends: its result, or EFAULT where a store has failed; null when it is to be made again.</returns>
    public static SyscallOutcome? Resume(TaskSystem system, in CallInProgress begun)
    {
        bool stored = true;
        foreach (KeptStore store in begun.Kept!.Stores)
        {
            stored = stored && system.Guest.TryWrite(store.Address.Raw, store.Bytes.Span);
        }

        if (!stored)
        {
            return Errno.EFAULT;
        }

        if (begun.Kept.Result is { } result)
        {
            return result;
        }

        return system.Guest.Held.Storing is { } wait ? SyscallOutcome.Until(wait, begun.Done) : null;
    }

    /// <summary>Puts what is known of a call that waits into its record.</summary>
    /// <param name="held">What its copies met.</param>
    /// <param name="thread">The caller.</param>
    /// <param name="begun">The call before this try.</param>
    /// <param name="outcome">What its handler answered.</param>
    /// <returns>The outcome of a call that waits, for a page or for what its handler says; null for a call that does not.</returns>
    public static SyscallOutcome? Waits(HeldCopies held, UserThread thread, in CallInProgress begun, in SyscallOutcome outcome)
    {
        WaitFor? page = held.Again ?? held.Storing;
        if (outcome.End == SyscallEnd.KeepsRegisters || (page is null && outcome.Wait is null))
        {
            return null;
        }

        if (page is null)
        {
            thread.Call = new CallInProgress(begun.Number, outcome.Wait!.DeadlineNs, outcome.Done) { Copy = outcome.Copy };
            return outcome;
        }

        // A handler that says how far it has come goes on from there; any other begins anew, and what it wanted to store is made anew too.
        bool anew = held.Again is not null && outcome.Wait != page;
        IReadOnlyList<KeptStore> stores = held.Take();
        thread.Call = new CallInProgress(begun.Number, begun.DeadlineNs, outcome.Wait is null || anew ? begun.Done : outcome.Done)
        {
            Kept = anew || stores.Count == 0 ? null : new KeptStores(stores, outcome.Wait is null ? outcome.Result : null),
        };
        return SyscallOutcome.Until(page, thread.Call.Value.Done);
    }
}
