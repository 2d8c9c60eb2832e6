using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Differences;

/// <summary>The instruction that a run is about to execute, in words.</summary>
internal static class InstructionWords
{
    private const int LongestInstruction = 15;

    /// <summary>Its address and text; that no thread runs, where none does.</summary>
    public static string Of(MiniKernel kernel)
    {
        KernelView view = new(kernel);
        if (view.Current is not { } task || view.Processes().FirstOrDefault(process => process.Pid == task.Pid) is not { Space: { } space })
        {
            return "no thread runs";
        }

        byte[] bytes = new byte[LongestInstruction];
        int count = view.ReadMemory(space, task.Rip, bytes, out _);
        return count == 0 ? $"{task.Rip}, where no code can be read" : $"{task.Rip} {InstructionText.At(task.Rip, CodeBytes.Of(bytes.AsSpan(0, count)))}";
    }
}
