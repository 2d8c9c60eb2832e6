using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Options;

/// <summary>Why a text is no pressure rule, in words.</summary>
internal static class PressureText
{
    /// <summary>One line: where, what was expected, what stands there.</summary>
    public static string Of(in PressureError error) =>
        $"at position {error.Position}: expected {Of(error.Expected)}, found {(string.IsNullOrEmpty(error.Found) ? "the end" : $"'{error.Found}'")}";

    private static string Of(PressureWord expected) => expected switch
    {
        PressureWord.When => "'at insn N', 'every N insns', 'at syscall NAME#K entry', 'at syscall NAME#K return', 'at mark NAME#K' or 'at copy#K POINT'",
        PressureWord.Point => "'insn', 'syscall', 'mark' or 'copy#K'",
        PressureWord.InstructionCount => "an instruction count, at least 1",
        PressureWord.Period => "a number of instructions, at least 1",
        PressureWord.Insns => "'insns'",
        PressureWord.Name => "a name, with '#K' for the K-th time",
        PressureWord.Phase => "'entry' or 'return'",
        PressureWord.Colon => "':' before the action",
        PressureWord.Action => "'reclaim N frames', 'purge', 'age', 'free run' or 'fail WHAT N', at a copy also 'evict' or 'hold until NAME'",
        PressureWord.FailKind => "'nodes', 'copies', 'splits' or 'tables'",
        PressureWord.AllocationCount => "a number of allocations, at least 1",
        PressureWord.CopyPoint =>
            "'after_prefault', 'after_lock_page', 'after_kmap_atomic', 'byte N', 'before_fault_sleep', 'after_swapin', 'before_commit' or 'after_pin'",
        PressureWord.ByteCount => "a number of bytes, 1 to 4095",
        PressureWord.Run => "'run'",
        PressureWord.Until => "'until'",
        PressureWord.MarkName => "the name of a mark",
        PressureWord.FrameCount => "a number of frames, at least 1",
        PressureWord.End => "the end",
    };
}
