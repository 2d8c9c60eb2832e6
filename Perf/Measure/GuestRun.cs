using MmuEmu.Emulator.Cpu;
using MmuEmu.Guests;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Perf.Measure;

/// <summary>One run of a guest inside this process, from the first instruction to the end; seconds of this thread.</summary>
internal readonly record struct GuestRun(double Seconds, ulong Instructions, ulong PageFaults)
{
    /// <summary>Million guest instructions per second.</summary>
    public double Mips => Instructions / Seconds / 1e6;

    /// <summary>Runs a shipped guest; null, with the reason, when it cannot be loaded or does not end well.</summary>
    public static GuestRun? Try(string name, string[] arguments, out string problem, TimingMode timing = TimingMode.Off)
    {
        using MiniKernel? kernel = TryBuild(name, arguments, timing, out problem);
        return kernel is null ? null : Run(kernel, out problem);
    }

    /// <summary>Bytes that the core allocates while it runs <paramref name="count"/> instructions, the guest being well under way.</summary>
    public static long? TryAllocation(string name, ulong after, ulong count, out string problem)
    {
        using MiniKernel? kernel = TryBuild(name, ["600000"], TimingMode.Off, out problem);
        if (kernel is null)
        {
            return null;
        }

        kernel.Run(StopAt.Time(after));
        long before = GC.GetAllocatedBytesForCurrentThread();
        CoreExitKind exit = kernel.Core.Run(count).Kind;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        problem = exit == CoreExitKind.BudgetSpent ? "" : $"the guest stopped with {exit}";
        return problem.Length > 0 ? null : bytes;
    }

    private static MiniKernel? TryBuild(string name, string[] arguments, TimingMode timing, out string problem)
    {
        problem = "";
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
            problem = $"{failure}";
        }

        return kernel;
    }

    private static GuestRun? Run(MiniKernel kernel, out string problem)
    {
        double start = CpuTime.Now();
        RunResult result = kernel.Run();
        double seconds = CpuTime.Now() - start;
        problem = result.ExitCode == 0 && result.Reason == EndReason.Exited ? "" : $"{result.Reason}, code {result.ExitCode} {result.Unsupported}";
        return problem.Length > 0 ? null : new GuestRun(seconds, result.Time, result.Statistics.PageFaults);
    }
}
