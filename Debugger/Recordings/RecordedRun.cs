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

    /// <summary>The options of this run on tapes.</summary>
    /// <param name="options">Those that the record gives; the guest's own file of now may lie elsewhere than then.</param>
    /// <param name="tapes">What was recorded.</param>
    public KernelOptions On(KernelOptions options, RunTapes tapes) => tapes.On(options) with { Program = ProgramFile };
}
