using Iced.Intel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Travel;

/// <summary>Whether the one instruction that is about to run makes an access that is looked for.</summary>
internal static class AccessLook
{
    private const int LongestInstruction = 15;

    /// <summary>True when the last instruction before <paramref name="until"/>, which does not lie before <paramref name="from"/>, makes the access.</summary>
    public static bool HasAccess(this Course course, AccessGoal goal, Position from, Position until)
    {
        Stop before = course.PreviousInstruction(until);
        return before.Reason == StopReason.Arrived && before.Where >= from && before.Where.Time < until.Time
            && course.Look(before.Where, kernel => IsNext(kernel, course.Stage, goal));
    }

    private static bool IsNext(MiniKernel kernel, Stage stage, AccessGoal goal)
    {
        AccessWatch watch = new(goal, stage);
        watch.Locate();
        KernelView view = new(kernel);
        byte[] code = new byte[LongestInstruction];
        ulong rip = kernel.Core.Vcpu.Rip;
        if (watch.Space is not { } space || view.ReadBehind(space, new VirtAddr(rip), code, out _) is var count && count == 0)
        {
            return false;
        }

        Instruction instruction = Decoder.Create(64, code[..count], rip, DecoderOptions.None).Decode();
        return !instruction.IsInvalid && new TouchReader().Of(kernel.Core.Vcpu, instruction).Exists(touch => watch.IsMet(touch));
    }
}
