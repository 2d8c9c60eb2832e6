using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Recordings;

/// <summary>What runs and how, as a recording has it: all that a report keeps, and what a kernel is given of it.</summary>
/// <param name="Version">The version of the program that wrote it.</param>
/// <param name="Record">What was asked for.</param>
/// <param name="ProgramFile">The guest's file as the kernel was given it: a path of the host then, or below its root folder.</param>
/// <param name="ProgramHash">SHA-256 of it in lower-case hexadecimal digits; null when it could not be read.</param>
/// <param name="Kinds">Which streams the guest knew as terminals.</param>
internal sealed record RecordedRun(string Version, RunRecord Record, string ProgramFile, string? ProgramHash, StreamKinds Kinds)
{
    /// <summary>The run that <paramref name="plan"/> is, before it begins.</summary>
    public static RecordedRun Of(PlannedRun plan, StreamKinds kinds)
    {
        KernelOptions options = plan.Options;
        string file = options.ProgramPath is null ? RootedPath.OnHost(options.HostRoot, options.Program) : options.Program;
        return new RecordedRun(RunSchema.Version, plan.Record, options.Program, FileHash.Of(file), kinds);
    }

    /// <summary>The options of a run that the tapes answer: nothing of it is the host's any more but files that the recording does not hold.</summary>
    /// <param name="options">Those that the record gives; the guest's own file of now may lie elsewhere than then.</param>
    /// <param name="input">The streams.</param>
    /// <param name="disk">The disk.</param>
    public KernelOptions On(KernelOptions options, InputTape input, DiskTape disk) => options with
    {
        Program = ProgramFile,
        Input = input.Streams.Input,
        Output = input.Streams.Output,
        Error = input.Streams.Error,
        Disk = disk,
    };
}
