using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What the kernel does, in words.</summary>
/// <param name="style">How entries and causes are written.</param>
internal sealed class KernelStory(WhyStyle style)
{
    /// <summary>One line.</summary>
    public string Short(in TraceEvent what) => what.Kind switch
    {
        KernelEvent.UserExit => $"into the kernel: {ExitName((CoreExitKind)what.Number)}",
        KernelEvent.UserEntry => "back to user code",
        KernelEvent.MappingSought when what.Number == 0 => $"mapping sought: none covers {what.Address}",
        KernelEvent.MappingSought => $"mapping sought: {(what.Detail as MappingDetail)?.Mapping}",
        KernelEvent.RightsChecked => what.Number == 0 ? "rights checked: the mapping forbids the access" : "rights checked: the mapping allows the access",
        KernelEvent.FaultClassified => $"fault kind: {FaultText.KindName((FaultKind)what.Number)}{Met(what)}",
        KernelEvent.EntryChanged => $"entry of {what.Address} @{what.Slot}  {what.Old} -> {what.New}  {EntryChange(what)}",
        KernelEvent.FrameTaken => what.Count <= 1 ? $"frame {what.Frame} taken" : $"frames {what.Frame} and {what.Count - 1} behind it taken",
        KernelEvent.FrameFreed => what.Count <= 1 ? $"frame {what.Frame} freed" : $"frames {what.Frame} and {what.Count - 1} behind it freed",
        KernelEvent.Purged => $"{MemoryText.Of(what)}, by {CauseOf(what)}",
        KernelEvent.SwappedIn => $"{MemoryText.Of(what)}, for {CauseOf(what)}",
        KernelEvent.RuleFired => $"pressure rule '{(what.Detail as RuleDetail)?.Text}' fires",
        KernelEvent.SpaceCopied => $"fork: space {what.Number} copied as space {what.Space}",
        KernelEvent.RangeCall => $"range of the call: {what.Address}, {what.Count} bytes",
        _ => what.Detail switch
        {
            FaultDetail fault => FaultLine(fault),
            SyscallDetail call => CallLine(what, call),
            SignalDetail signal => $"signal {SignalText.Of(signal.Info)}: {SignalText.Fate(signal)}",
            MarkDetail mark => $"mark {OwnText.Printable(mark.Name)}",
            TaskDetail task => $"pid {what.Stamp.Pid}{(what.Stamp.Tid == what.Stamp.Pid ? "" : $" tid {what.Stamp.Tid}")} {TaskText.Of(task)}",
            _ => MemoryText.Of(what),
        },
    };

    /// <summary>One sentence or two.</summary>
    public static string Sentence(in TraceEvent what) => what.Kind switch
    {
        KernelEvent.UserExit => ExitSentence((CoreExitKind)what.Number),
        KernelEvent.UserEntry => "The kernel is done; the registers are the thread's again, and its next instruction runs.",
        KernelEvent.MappingSought when what.Number == 0 => "The kernel looks in its own list of mappings (VMAs), not in the page tables. There is none, so the address is simply wrong: SIGSEGV.",
        KernelEvent.MappingSought => "The kernel looks in its own list of mappings (VMAs), not in the page tables: there it finds what the program may do at the address.",
        KernelEvent.RightsChecked when what.Number == 0 => "What the program asked the kernel for (mmap, mprotect) does not include this access: SIGSEGV.",
        KernelEvent.RightsChecked => "The program has the right, so the fault is no mistake of it: the page is only not there yet, or shared.",
        KernelEvent.FaultClassified => FaultText.Explain((FaultKind)what.Number),
        KernelEvent.FrameTaken => "The allocator hands out a free frame of 4 KiB of RAM.",
        KernelEvent.FrameFreed => "The frame goes back to the free lists, and anybody may get it next.",
        KernelEvent.EntryChanged => EntrySentence(what),
        KernelEvent.Flush => "TLBs may hold what the tables said before, so the kernel makes them forget it.",
        KernelEvent.Scanned => "Reclaim looks at pages from the old end of its lists for some that can go.",
        KernelEvent.Purged => "Nobody is asked and nothing is saved: the program said that it can do without this page (volatile).",
        KernelEvent.LazyMarked => "MADV_FREE: the page may be taken as long as nobody writes to it again.",
        KernelEvent.LazyFreed => "Nobody wrote to it since MADV_FREE, so it goes without being saved; the next touch finds zeros.",
        KernelEvent.SwappedOut => "The content is saved in swap, so that the frame can be used for something else.",
        KernelEvent.SwappedIn => "The content comes back from swap into a frame.",
        KernelEvent.OutOfMemory => "Nothing is free and nothing more can be reclaimed.",
        KernelEvent.FaultHandled => "The entry is in place now; the same instruction runs again from its beginning.",
        KernelEvent.FaultSignalled => "The kernel cannot repair it, so the program gets a signal.",
        KernelEvent.SyscallEntry => "The number is in RAX, the arguments in RDI, RSI, RDX, R10, R8, R9.",
        KernelEvent.SyscallReturn => "The result is put into RAX; a negative errno means failure.",
        KernelEvent.CopyRefused => "The kernel could not reach the program's memory for the call, which answers EFAULT instead of raising a signal.",
        KernelEvent.RangeCall => "From here on the range may mean something else.",
        KernelEvent.Signal => SignalSentence(what),
        KernelEvent.Mark => "The program marks this moment for whoever watches it; nothing else happens.",
        KernelEvent.Task => "The kernel's list of tasks changes.",
        KernelEvent.RuleFired => "Pressure that was ordered for this moment: what it does follows.",
        KernelEvent.SpaceCopied => "The child gets tables of its own that map the same frames, read-only in both until somebody writes.",
        >= KernelEvent.KeptDirty and <= KernelEvent.KeptHomeless => "Reclaim leaves the page where it is.",
        _ => "",
    };

    private static string ExitName(CoreExitKind kind) => kind switch
    {
        CoreExitKind.PageFault => "page fault",
        CoreExitKind.Syscall => "system call",
        CoreExitKind.Exception => "exception",
        CoreExitKind.BudgetSpent => "timer",
        CoreExitKind.None or CoreExitKind.Halt or CoreExitKind.Port or CoreExitKind.TripleFault => kind.ToString(),
    };

    private static string ExitSentence(CoreExitKind kind) => kind switch
    {
        CoreExitKind.PageFault => "The processor goes to the kernel's page-fault handler; CR2 holds the address, the error code says what went wrong.",
        CoreExitKind.Syscall => "SYSCALL goes to the kernel; RCX holds where to go on, R11 the flags.",
        CoreExitKind.Exception => "The processor goes to the kernel's handler for the exception.",
        CoreExitKind.BudgetSpent => "The thread's turn is over, or something is due: the kernel decides what runs next.",
        CoreExitKind.None or CoreExitKind.Halt or CoreExitKind.Port or CoreExitKind.TripleFault => "User code has stopped.",
    };

    private string Met(in TraceEvent what) => what.Old == default ? "" : $", it met {what.Old} ({Words(what.Old)})";

    private string Words(Pte entry) => EntryText.Of(entry, PagingLevel.Pt, style.Format);

    private string EntryChange(in TraceEvent what) => what.Old.Present && what.New.Present && what.Old.Frame == what.New.Frame
        ? $"({EntryText.Changes(what.Old, what.New)})"
        : what.New == Pte.None ? "(empty)" : $"({Words(what.New)})";

    private static string EntrySentence(in TraceEvent what) => (what.Old.Present, what.New.Present) switch
    {
        (false, true) when SoftPteFormat.IsSpecial(what.New) => "The entry maps the shared page of zeros, read-only: a frame is given only to who writes.",
        (false, true) => "The entry is made: from now on the processor finds the page by itself.",
        (true, false) when what.New == default => "The entry is cleared: the next access faults, and finds nothing here.",
        (true, false) => "The entry is not present any more, so the processor ignores all its other bits; the kernel keeps a note there of what became of the page.",
        (true, true) when what.Old.Frame != what.New.Frame => "The entry maps another frame from now on.",
        (true, true) => "The page stays; what may be done with it, or what is known of its use, changes.",
        (false, false) => "The kernel changes its note; the processor sees nothing of it.",
    };

    private static string FaultLine(FaultDetail fault) => fault.Signal.Signal == Signal.None
        ? $"handled: {FaultText.KindName(fault.Kind)}, the entry is {fault.After} now"
        : $"not handled: {FaultText.KindName(fault.Kind)}, {SignalText.Of(fault.Signal)} is sent";

    private static string CallLine(in TraceEvent what, SyscallDetail call) => what.Kind == KernelEvent.SyscallEntry
        ? $"{call.Name}({call.Arguments}) begins{SyscallText.Door(call)}"
        : $"{call.Name}({call.Arguments}) = {SyscallText.Result(call)}";

    private static string SignalSentence(in TraceEvent what) => what.Detail is not SignalDetail signal ? "" : signal.Fate switch
    {
        SignalFate.Handled => "The kernel saves the registers in a frame on the stack and goes on in the handler; when that returns, the instruction is tried again.",
        SignalFate.Fatal => "There is no handler, so the process ends.",
        SignalFate.Ignored => "Nothing happens.",
        SignalFate.Stopped => "The process stops until SIGCONT.",
        SignalFate.Continued => "The process goes on.",
    };

    private string CauseOf(in TraceEvent what) => what.Detail is CauseDetail told ? HistoryText.Of(told.Cause, style.Rules) : "the kernel";
}
