using MmuEmu.Guests;
using MmuEmu.Kernel.Boot;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Perf.Measure;

/// <summary>One run of a guest inside this process, from the first instruction to the end; seconds of this thread.</summary>
internal readonly record struct GuestRun(double Seconds, ulong Instructions, ulong PageFaults, long AllocatedBytes)
{
    /// <summary>Million guest instructions per second.</summary>
    public double Mips => Instructions / Seconds / 1e6;

    /// <summary>Runs a shipped guest; null, with the reason, when it cannot be loaded or does not end well.</summary>
    public static GuestRun? Try(string name, string[] arguments, out string problem, TimingMode timing = TimingMode.Off)
    {
        if (!GuestCatalogue.TryFindFile(name, out string? path))
        {
            problem = $"the guest {name} is not beside this program";
            return null;
        }

        KernelOptions options = new()
        {
            Program = path,
            Arguments = [name, .. arguments],
            RamBytes = 256UL << 20,
            Output = new BytesOutput(),
            Timing = timing,
        };
        if (!KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure))
        {
            problem = failure.ToString();
            return null;
        }

        using (kernel)
        {
            return Run(kernel, out problem);
        }
    }

    private static GuestRun? Run(MiniKernel kernel, out string problem)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        double start = CpuTime.Now();
        RunResult result = kernel.Run();
        double seconds = CpuTime.Now() - start;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        problem = result.ExitCode == 0 && result.Reason == EndReason.Exited ? "" : $"{result.Reason}, code {result.ExitCode} {result.Message}";
        return problem.Length > 0 ? null : new GuestRun(seconds, result.Time, result.Statistics.PageFaults, allocated);
    }
}
