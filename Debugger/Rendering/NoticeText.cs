using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What a user should be told once, in words.</summary>
internal static class NoticeText
{
    /// <summary>One line; <paramref name="model"/> is the run's processor.</summary>
    public static string Of(Notice notice, CpuModel model) => notice.Kind switch
    {
        NoticeKind.UnknownSyscall when notice.Number > uint.MaxValue => $"unknown i386 system call {(uint)notice.Number} of int $0x80 answered ENOSYS",
        NoticeKind.UnknownSyscall => $"unknown system call {notice.Number} answered ENOSYS",
        NoticeKind.UnsupportedInstruction => $"unsupported instruction {InstructionText.Of(notice.Code)} at {notice.Rip}: the guest gets SIGILL",
        NoticeKind.MissingFeature =>
            $"{InstructionText.Of(notice.Code)} at {notice.Rip} needs {Missing(notice, model)}: the guest gets SIGILL, as on such a processor",
        NoticeKind.OutOfMemory => $"out of memory: killed {notice.Victim}, {notice.Resident} pages resident, {notice.Swapped} swapped",
        NoticeKind.NoProgress => $"no instruction has run in {notice.Number} page faults, at {notice.Rip}: needed at once are {Needed(notice)}, and memory has not room for all",
        NoticeKind.LockCycle => $"deadlock: {string.Join(", which waits for ", notice.Needed.Select(needed => needed.Task))}, which waits for the first again",
        NoticeKind.AllocatorLoops =>
            $"silent deadlock: nobody runs but in the allocator ({string.Join(", ", notice.Needed.Select(needed => needed.Task))}), {notice.Number} rounds freed no frame, "
            + $"and the killer kills nobody while {notice.Swapped} swap slots are free (try: --profile allocator=aa)",
        NoticeKind.ExecRefused => $"execve of {notice.Path} answered {notice.Errno}: {Refused(notice)}",
        NoticeKind.OtherMaker =>
            $"preset {notice.Preset!.Name} is of {Spoken(CpuPresets.MakerOf(notice.Preset))}, the vendor is {Spoken(model.Vendor)}: "
            + $"CPUID describes its caches and TLBs as {Spoken(model.Vendor)} does",
        NoticeKind.SmallPool =>
            $"the pool has {notice.Resident} of the {notice.Number} huge pages asked for, and RAM no more free runs of 2 MiB (try: more --ram)",
        NoticeKind.OtherMeaning =>
            $"{(notice.Advice is { } advice ? $"madvise {advice}" : $"system call {notice.Number}")} "
            + $"{(notice.Linux.Length == 0 ? "is no advice of Linux and answers EINVAL" : $"is {notice.Linux} here, as on Linux")}; "
            + $"if the program means {notice.Proposed} of the proposals: --abi proposals",
    };

    private static string Needed(Notice notice)
    {
        const int Most = 8;
        IEnumerable<string> tasks = notice.Needed.Take(Most).GroupBy(needed => needed.Task, (task, pages) => $"{string.Join(", ", pages.Select(needed => needed.Page))} by {task}");
        return $"{string.Join("; ", tasks)}{(notice.Needed.Count > Most ? $" and {notice.Needed.Count - Most} more" : "")}";
    }

    private static string Refused(Notice notice) => (notice.Elf, notice.Errno) switch
    {
        (not ElfProblem.None, _) => ElfText.Of(notice.Elf, notice.Found, notice.Interpreter),
        (_, Errno.E2BIG) => "its arguments and environment are too long",
        (_, Errno.ENOMEM) => "there is no memory for it",
        (_, Errno.ELOOP) => "it is a script, whose interpreter is a script, and so on",
        _ => "it cannot be read, or cannot be mapped",
    };

    private static string Missing(Notice notice, CpuModel model) => (notice.Missing & CpuFeatures.Foreign) != 0
        ? $"{InstructionText.Extensions(notice.Code)}, which no model has"
        : $"{CpuFeatureTable.NamesOf(notice.Missing)}, which --cpu {model.Name} has not";

    private static string Spoken(CpuVendor? vendor) => vendor == CpuVendor.Intel ? "Intel" : "AMD";
}
