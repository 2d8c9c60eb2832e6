using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Says what the kernel gives notice of, an instruction's name and form once however it is encoded, and a program that execve refuses once.</summary>
/// <param name="model">The run's processor.</param>
/// <param name="say">Takes a line.</param>
internal sealed class NoticeTeller(CpuModel model, Action<string> say)
{
    private readonly HashSet<(NoticeKind Kind, string What)> _told = [];

    /// <summary>Says it, or nothing when the same is said.</summary>
    public void Take(Notice notice)
    {
        string? once = notice.Kind switch
        {
            NoticeKind.UnsupportedInstruction or NoticeKind.MissingFeature => InstructionText.Of(notice.Code),
            NoticeKind.ExecRefused => notice.Path,
            NoticeKind.UnknownSyscall or NoticeKind.OutOfMemory or NoticeKind.NoProgress or NoticeKind.LockCycle or NoticeKind.AllocatorLoops or NoticeKind.OtherMaker or NoticeKind.OtherMeaning
                or NoticeKind.SmallPool => null,
        };
        if (once is null || _told.Add((notice.Kind, once)))
        {
            say(NoticeText.Of(notice, model));
        }
    }
}
