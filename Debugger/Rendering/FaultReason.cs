using MmuEmu.Debugger.Matrix;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Why a page fault became a signal, in words: short for the first line, and as the rule that decided.</summary>
internal static class FaultReason
{
    private const ulong NullBytes = 0x1_0000;
    private const ulong OverflowBytes = 16UL << 20;

    /// <summary>A clause: what was touched.</summary>
    public static string Short(FaultDetail fault) => fault.Kind switch
    {
        FaultKind.NoMapping when IsNull(fault) => "a null pointer or a member of one",
        FaultKind.NoMapping when IsOverflow(fault) => "the stack has overflowed",
        FaultKind.NoMapping when fault.Fault.Cr2.Raw >= VirtRange.TaskSize => "an address of the kernel's half",
        FaultKind.NoRight when fault.Fault.Code.HasFlag(PageFaultCode.PK) => "a protection key forbids it",
        FaultKind.NoRight => $"the mapping is {RightsOf(fault)}",
        FaultKind.File when !IsBeyondEnd(fault) => "the file could not be read",
        _ => Short(fault.Kind),
    };

    /// <summary>The same, where no more is known than the kind.</summary>
    public static string Short(FaultKind kind) => kind switch
    {
        FaultKind.NoMapping => "nothing is mapped there",
        FaultKind.NoRight => "the mapping does not allow this access",
        FaultKind.File => "the page lies beyond the end of its file",
        FaultKind.Purged => "the page was purged while it was volatile",
        FaultKind.UserFault => "a hole under MADV_USERFAULT",
        FaultKind.HwPoison => "the frame failed in hardware",
        FaultKind.Spurious or FaultKind.Anonymous or FaultKind.CopyOnWrite or FaultKind.Swap => "the page could not be had",
    };

    /// <summary>Sentences: the rule, with the numbers that it was applied to.</summary>
    public static string Rule(FaultDetail fault) => fault.Kind switch
    {
        FaultKind.NoMapping when fault.Fault.Cr2.Raw >= VirtRange.TaskSize =>
            "The address is in the kernel's half; programs have the addresses below 0x7ffffffff000. The program gets SIGSEGV with SEGV_MAPERR.",
        FaultKind.NoMapping when IsOverflow(fault) => StackRule(fault),
        FaultKind.NoRight when fault.Mapping is { Length: > 0 } =>
            $"The mapping is {RightsOf(fault)}, and a {PteText.Of(AccessOf(fault).Kind)} needs {NeedOf(fault)}, so the program gets SIGSEGV with {(fault.Signal.Code == SigCode.SegvPkuErr ? "SEGV_PKUERR" : "SEGV_ACCERR")}.",
        FaultKind.File when IsBeyondEnd(fault) =>
            $"The file has {fault.FileBytes} bytes, and the page begins at its byte {fault.FileOffset}: a page of a mapping that lies wholly beyond the end of the file raises SIGBUS with BUS_ADRERR. ftruncate makes the file longer.",
        FaultKind.File => "The page could not be read from its file, so the program gets SIGBUS with BUS_ADRERR.",
        _ => FaultText.Explain(fault.Kind),
    };

    /// <summary>The entry and the bit of the walk that refuse; empty when no entry does.</summary>
    public static string Entry(FaultDetail fault) => Entry(fault, fault.Mode);

    /// <summary>The same for a fault that does not say how the walk was judged: one that was handled.</summary>
    public static string Entry(FaultDetail fault, in PagingMode mode)
    {
        Access access = AccessOf(fault);
        for (int i = 0; i < fault.Path.Count; i++)
        {
            WalkStep step = fault.Path[i];
            AccessRule rule = PteText.RuleOf(step.Entry, step.Level, mode, access);
            if (rule != AccessRule.None)
            {
                return RuleText.Of(rule, step.Entry, step.Level, mode, access);
            }
        }

        return "";
    }

    private static string StackRule(FaultDetail fault)
    {
        VirtRange stack = fault.StackAbove!.Value;
        ulong grown = stack.End.Raw - fault.Fault.Cr2.PageBase.Raw;
        string wanted = $"The address is {stack.Start.Raw - fault.Fault.Cr2.Raw} bytes below the stack, which would have to grow from {stack.LengthBytes} to {grown} bytes";
        return grown > fault.StackLimitBytes
            ? $"{wanted}: RLIMIT_STACK allows {ByteCount.Show(fault.StackLimitBytes)}. The program gets SIGSEGV with SEGV_MAPERR. Endless recursion or a huge local variable does that; setrlimit raises the limit."
            : $"{wanted}: another mapping is nearer than the 256 pages that must stay free, or RLIMIT_AS is spent. The program gets SIGSEGV with SEGV_MAPERR.";
    }

    private static bool IsNull(FaultDetail fault) => fault.Fault.Cr2.Raw < NullBytes;

    private static bool IsOverflow(FaultDetail fault) =>
        fault.StackAbove is { } stack && stack.Start.Raw - fault.Fault.Cr2.Raw <= OverflowBytes;

    private static bool IsBeyondEnd(FaultDetail fault) => fault.FileBytes is { } bytes && fault.FileOffset >= bytes;

    private static string NeedOf(FaultDetail fault) => AccessOf(fault).Kind switch
    {
        AccessKind.Read => "r",
        AccessKind.Write => "w",
        AccessKind.Fetch => "x",
    };

    /// <summary>The mapping's rights as /proc/PID/maps has them.</summary>
    private static string RightsOf(FaultDetail fault) => fault.Mapping.Split(' ') is [_, var rights, ..] ? rights : "---p";

    private static Access AccessOf(FaultDetail fault)
    {
        PageFaultCode code = fault.Fault.Code;
        AccessKind kind = code.HasFlag(PageFaultCode.ID) ? AccessKind.Fetch : code.HasFlag(PageFaultCode.WR) ? AccessKind.Write : AccessKind.Read;
        return new Access(fault.Fault.Cr2, kind, code.HasFlag(PageFaultCode.US) ? AccessOrigin.User : AccessOrigin.Supervisor);
    }
}
