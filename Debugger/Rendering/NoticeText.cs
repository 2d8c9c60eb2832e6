using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What a user should be told once, in words.</summary>
internal static class NoticeText
{
    /// <summary>One line; <paramref name="model"/> is the run's processor.</summary>
    public static string Of(Notice notice, CpuModel model) => notice.Kind switch
    {
        NoticeKind.UnknownSyscall => $"unknown system call {notice.Number} answered ENOSYS",
        NoticeKind.UnsupportedInstruction => $"unsupported instruction {InstructionText.Of(notice.Code)} at {notice.Rip}: the guest gets SIGILL",
        NoticeKind.MissingFeature =>
            $"{InstructionText.Of(notice.Code)} at {notice.Rip} needs {Missing(notice, model)}: the guest gets SIGILL, as on such a processor",
        NoticeKind.OutOfMemory => $"out of memory: killed {notice.Victim}, {notice.Resident} pages resident, {notice.Swapped} swapped",
        NoticeKind.OtherMaker =>
            $"preset {notice.Preset!.Name} is of {Spoken(CpuPresets.MakerOf(notice.Preset))}, the vendor is {Spoken(model.Vendor)}: "
            + $"CPUID describes its caches and TLBs as {Spoken(model.Vendor)} does",
    };

    private static string Missing(Notice notice, CpuModel model) => (notice.Missing & CpuFeatures.Foreign) != 0
        ? $"{InstructionText.Extensions(notice.Code)}, which no model has"
        : $"{CpuFeatureTable.NamesOf(notice.Missing)}, which --cpu {model.Name} has not";

    private static string Spoken(CpuVendor? vendor) => vendor == CpuVendor.Intel ? "Intel" : "AMD";
}
