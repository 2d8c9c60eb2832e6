using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Signals;

/// <summary>What sigaltstack accepts; the return from a handler asks the same.</summary>
/// <remarks>Source: [Linux kernel/signal.c, do_sigaltstack].</remarks>
internal static class AltStackRules
{
    /// <summary>Judges what a thread asks for.</summary>
    /// <returns>None; EINVAL for unknown flags; ENOMEM when it is too small.</returns>
    public static Refusal Judge(in AltStack asked)
    {
        int mode = asked.Flags & ~AltStack.AutoDisarm;
        if (mode is not (0 or AltStack.Disable or AltStack.OnStack))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        return mode != AltStack.Disable && asked.SizeBytes < AltStack.MinBytes ? new Refusal(Errno.ENOMEM, ErrnoCause.StackTooSmall) : Refusal.None;
    }

    /// <summary>What is kept of an accepted wish: of SS_DISABLE only the flags.</summary>
    public static AltStack Settle(in AltStack asked) =>
        (asked.Flags & ~AltStack.AutoDisarm) == AltStack.Disable ? AltStack.None with { Flags = asked.Flags } : asked;
}
