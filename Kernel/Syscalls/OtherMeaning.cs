using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Tells the user, once for each family of proposals, when a program seems to mean one by a number that has Linux's meaning.</summary>
/// <remarks>
/// Only where the call itself speaks for the proposal, so that programs written for Linux hear nothing: a first argument that is a mapped page where
/// Linux takes a process or a command; advice 5, which Linux has not; advice 18 and 19 of a process that handles SIGBUS, as MADV_USERFAULT asks of it
/// and wiping on fork does not.
/// </remarks>
internal static class OtherMeaning
{
    /// <summary>Of a system call whose proposal takes a range.</summary>
    public static void TellOfRange(in SyscallCall call)
    {
        VirtAddr start = new(call.A0);
        if (start.PageOffset == 0 && call.Space.FindVma(start) is not null)
        {
            Tell(call, NumberKind.Syscall, call.Thread.Call!.Value.Number);
        }
    }

    /// <summary>Of advice that a proposal claims.</summary>
    public static void TellOfAdvice(in SyscallCall call, int number)
    {
        bool speaks = number switch
        {
            5 => true,
            18 or 19 => call.Process.Actions[Signal.SIGBUS].HasHandler,
            _ => false,
        };
        if (speaks)
        {
            Tell(call, NumberKind.Advice, (ulong)number);
        }
    }

    private static void Tell(in SyscallCall call, NumberKind kind, ulong number)
    {
        KernelProfile profile = call.System.Memory.Profile;
        if (call.Space.Meanings.Find(kind, number) is not null || ProposalTable.Find(profile, kind, number) is not { } claim)
        {
            return;
        }

        if ((call.System.MeaningsTold & claim.Proposal) == 0)
        {
            call.System.MeaningsTold |= claim.Proposal;
            call.System.Notices(new Notice(NoticeKind.OtherMeaning)
            {
                Number = number,
                Advice = kind == NumberKind.Advice ? (int)number : null,
                Linux = claim.Linux ?? "",
                Proposed = claim.Proposed,
            });
        }
    }
}
