using Iced.Intel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Views;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>An assembled program on the whole kernel, which stops where a test wants to look at it.</summary>
internal sealed class PausedGuest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("views").FullName;

    public PausedGuest(Action<Assembler> write, Func<KernelOptions, KernelOptions>? change = null)
    {
        string path = Path.Combine(_folder, "guest");
        File.WriteAllBytes(path, AssembledGuest.Build(write));
        KernelOptions options = new() { Program = path, Arguments = ["guest", "one"], MaxInstructions = 1_000_000, SwapBytes = 16 << 20, Output = Output };
        KernelBuilder.TryBuild(change?.Invoke(options) ?? options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        (Kernel, ProgramPath) = (kernel!, path);
        (View, Edit) = (new KernelView(Kernel), new KernelEdit(Kernel));
    }

    public MiniKernel Kernel { get; }

    public KernelView View { get; }

    public KernelEdit Edit { get; }

    public string ProgramPath { get; }

    public BytesOutput Output { get; } = new();

    /// <summary>The number of the first process's space.</summary>
    public int Space => View.Processes()[0].Space!.Value;

    public void RunTo(ulong time) => Kernel.Run(StopAt.Time(time)).Reason.ShouldBe(EndReason.Paused);

    public void RunToCall(string name, ulong count = 1) => Kernel.Run(new StopAt(StopKind.Syscall, count, name)).Reason.ShouldBe(EndReason.Paused);

    public RunResult RunToEnd() => Kernel.Run();

    public byte[] Read(ulong address, int bytes)
    {
        byte[] read = new byte[bytes];
        View.ReadMemory(Space, new VirtAddr(address), read, out _).ShouldBe(bytes);
        return read;
    }

    public void ShouldBeSound() => MmInvariants.Check(Kernel.Memory).ShouldBeEmpty();

    public void Dispose()
    {
        Kernel.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
