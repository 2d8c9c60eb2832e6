using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>A run that is travelled in, of a program that asks its host for nothing.</summary>
internal sealed class TravelledRun : IDisposable
{
    public TravelledRun(string line, TimingMode timing = TimingMode.Off, TimelineRules? rules = null)
    {
        TravelSink sink = new();
        KernelBuilder.TryBuild(SavedRun.OptionsOf(line) with { Trace = sink, Timing = timing }, out MiniKernel? kernel, out BootFailure? failure)
            .ShouldBeTrue(failure?.Message);
        Kernel = kernel!;
        Course = new Course(new Stage(Kernel, sink, new NoTape()), rules ?? new TimelineRules { Spacing = 1 << 18 });
        Journey = new Journey(Course);
    }

    public MiniKernel Kernel { get; }

    public Course Course { get; }

    public Journey Journey { get; }

    /// <summary>What a plain run of the same line leaves.</summary>
    public static string PlainEnd(string line, TimingMode timing = TimingMode.Off)
    {
        KernelBuilder.TryBuild(SavedRun.OptionsOf(line) with { Timing = timing }, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            return SavedRun.LeftBy(kernel!, kernel!.Run());
        }
    }

    /// <summary>What the machine is here, as text.</summary>
    public string Here() => Journey.Look(kernel => $"{kernel.Time} {kernel.Core.Vcpu.Rip:x} {kernel.Core.Vcpu.Flags:x} "
        + string.Join(' ', Enumerable.Range(0, 16).Select(i => $"{kernel.Core.Vcpu[i]:x}"))
        + $" {Convert.ToHexString(kernel.HashRam())} {string.Join('|', Enumerable.Range(0, kernel.Statistics.Cores.Count).Select(i => kernel.Statistics.Cores[i].Mmu.Counters))}");

    public void Dispose()
    {
        Journey.Dispose();
        Kernel.Dispose();
    }

    private sealed class NoTape : IHostTape
    {
        public int Position { get; set; }

        public IReadOnlyList<(Moment When, MmuEmu.Kernel.Abi.Signal Signal)> Signals => [];

        public void Sent(Moment when, MmuEmu.Kernel.Abi.Signal signal)
        {
        }

        public void Type(Moment now, ReadOnlySpan<byte> text)
        {
        }

        public void Cut(Moment now)
        {
        }
    }
}
