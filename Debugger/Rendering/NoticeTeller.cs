using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Says what the kernel gives notice of, an instruction's name and form once however it is encoded.</summary>
/// <param name="model">The run's processor.</param>
/// <param name="say">Takes a line.</param>
internal sealed class NoticeTeller(CpuModel model, Action<string> say)
{
    private readonly HashSet<(NoticeKind Kind, string Instruction)> _told = [];

    /// <summary>Says it, or nothing when the same is said.</summary>
    public void Take(Notice notice)
    {
        bool isOfCode = notice.Kind is NoticeKind.UnsupportedInstruction or NoticeKind.MissingFeature;
        if (!isOfCode || _told.Add((notice.Kind, InstructionText.Of(notice.Code))))
        {
            say(NoticeText.Of(notice, model));
        }
    }
}
