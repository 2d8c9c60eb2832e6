using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MmuEmu.Perf;

/// <summary>Runs benchmarks inside this process: no restore, no second build, a few seconds each.</summary>
internal sealed class InProcessConfig : ManualConfig
{
    public InProcessConfig()
    {
        Add(DefaultConfig.Instance);
        ArtifactsPath = Path.Combine("artifacts", "benchmarks");
        AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}
