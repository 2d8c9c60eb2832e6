using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MmuEmu.Perf;

/// <summary>Runs benchmarks inside this process: no restore, no second build, a few seconds each.</summary>
/// <remarks>A process of their own cannot be built: it would be restored as Debug and compiled as Release, where the command has another platform.</remarks>
internal sealed class InProcessConfig : ManualConfig
{
    public InProcessConfig()
    {
        Add(DefaultConfig.Instance);
        ArtifactsPath = Path.Combine("artifacts", "benchmarks");
        AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}
