using System.Globalization;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>Says in words what led to a signal.</summary>
internal static class Explanation
{
    /// <summary>The reasons of a signal: from its fault when it came from one, else from its sender or exception.</summary>
    public static List<string> Of(in SignalEvent signal, FaultEvent? fault, List<string> history)
    {
        if (fault is not { } page)
        {
            return [Plain(signal)];
        }

        PageFaultCode code = page.Fault.Code;
        string access = (code & PageFaultCode.ID) != 0 ? "fetch" : (code & PageFaultCode.WR) != 0 ? "write" : "read";
        string met = (code & PageFaultCode.P) != 0 ? "a present entry refused it" : "the entry was not present";
        List<string> reasons = [.. history];
        reasons.Add($"a user {access} at {page.Fault.Cr2} from {page.Rip}: {met} (error code 0x{(uint)code:x})");
        reasons.Add(page.Mapping.Length == 0 ? "no mapping covers the address" : $"mapping {page.Mapping}");
        reasons.Add(Verdict(page));
        reasons.Add($"{page.Signal.Signal} with si_code {page.Signal.Code} and si_addr {page.Signal.Address} was {Fate(signal)}");
        return reasons;
    }

    private static string Verdict(in FaultEvent page) => page.Kind switch
    {
        FaultKind.NoMapping => "nothing is mapped there: SEGV_MAPERR",
        FaultKind.NoRight => "the mapping does not allow it: SEGV_ACCERR",
        FaultKind.Purged => "the page was volatile and is purged: SIGBUS (V-080, V-082)",
        FaultKind.UserFault => "the page is a hole in memory marked MADV_USERFAULT: SIGBUS (U-040)",
        FaultKind.File => "the page lies beyond the end of its file, or the file cannot be read: SIGBUS",
        FaultKind.HwPoison => "the entry means nothing that a program could use: SIGBUS",
        FaultKind.Anonymous or FaultKind.CopyOnWrite or FaultKind.Swap => "no frame could be had",
        FaultKind.Spurious => "the entry allows it by now",
    };

    private static string Plain(in SignalEvent signal)
    {
        SigInfo info = signal.Info;
        string origin = info.Code switch
        {
            SigCode.User or SigCode.TKill or SigCode.Queue => string.Create(CultureInfo.InvariantCulture, $"sent by process {info.Pid}"),
            SigCode.Kernel => "raised by the kernel for an exception without an address",
            _ => $"raised by the instruction at {signal.Rip}",
        };
        return $"{info.Signal} (si_code {info.Code}), {origin}, was {Fate(signal)}";
    }

    private static string Fate(in SignalEvent signal) => signal.Fate switch
    {
        SignalFate.Handled => $"handled at {signal.Handler}",
        SignalFate.Ignored => "ignored",
        SignalFate.Fatal => "fatal",
        SignalFate.Stopped => "a stop",
        SignalFate.Continued => "a continuation",
    };
}
