using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>A machine with the mini-kernel on it: runs guests by looking at why the core stopped.</summary>
public sealed class MiniKernel : IDisposable, IWholeOfParts
{
    private readonly RunLoop _loop;
    private readonly RunHistory _history;

    internal MiniKernel(KernelOptions options, TaskSystem system, RunHistory history)
    {
        (System, _history) = (system, history);
        Statistics = new RunStatistics
        {
            Memory = system.Memory.Counters,
            Cores = system.Processors.Cores,
            Windows = system.Memory.WindowCounts,
        };
        _loop = new RunLoop(options, system, history, Statistics);
    }

    /// <summary>RAM.</summary>
    public PhysicalMemory Ram => System.Memory.Ram;

    /// <summary>The core of the processor at work.</summary>
    public Core Core => System.Core;

    /// <summary>Memory management.</summary>
    internal MemorySystem Memory => System.Memory;

    /// <summary>Processes, files and clocks.</summary>
    internal TaskSystem System { get; }

    /// <summary>The fault or system call that the thread at work has come to, and that nobody has looked at yet.</summary>
    internal CoreExitKind Pending => _loop.Pending;

    /// <summary>What was counted so far.</summary>
    public RunStatistics Statistics { get; }

    /// <summary>T: instructions retired.</summary>
    public ulong Time => System.Processors.Cores.Retired;

    /// <summary>T, and how many of the run's own steps are over that began at it: names every moment between two of them, the same in every run.</summary>
    public (ulong Time, uint Step) Moment => _loop.Moment;

    /// <summary>The program of the process at work, or of the first one when none is: its file as the guest knows it, and the address of its entry point there.</summary>
    public (string Path, VirtAddr Entry) Program => ProgramAtWork.Of(System);

    /// <summary>Runs until the guest ends or <paramref name="stop"/> is reached, whichever comes first.</summary>
    /// <returns>How it ended; calling again after an end gives the same result.</returns>
    public RunResult Run(StopAt stop = default) => _loop.Run(stop);

    /// <summary>Asks the run, or the next one, to pause between two of its steps: it ends with <see cref="EndReason.Interrupted"/>.</summary>
    /// <remarks>With the next two, all that other threads of the host may call while the run is at work. Where exactly it pauses is the host's doing.</remarks>
    public void AskPause() => _loop.Asked.Make();

    /// <summary>Asks the run, or the next one, to send a signal as a terminal does, between two of its steps.</summary>
    /// <param name="signal">SIGINT, SIGQUIT, SIGTSTP, SIGWINCH and kin; several of one kind that come at once are one.</param>
    public void AskSignal(Signal signal) => _loop.Asked.Send(signal);

    /// <summary>True while the guest has given its terminal to another group of processes than the first one's, as a shell does for its jobs.</summary>
    public bool HasForegroundJob => System.ForegroundGroup != ProcessTable.FirstPid;

    /// <summary>Whoever listens wants other kinds of events from now on (<see cref="Emulator.Tracing.ITraceSink.Wanted"/>): he is asked again.</summary>
    /// <remarks>Call it between two runs.</remarks>
    public void Retune() => System.Trace.Retune();

    /// <summary>Sees every instruction before it runs; null, the default, for nobody. Set it between two runs; nothing of the run changes by it.</summary>
    public void Probe(IInstructionProbe? probe)
    {
        foreach (Core core in System.Processors.Cores.All)
        {
            core.Vcpu.Probe = probe;
        }
    }

    /// <summary>SHA-256 of RAM as it is now: two runs with equal digests have left the same bytes in the same frames.</summary>
    /// <returns>32 bytes: over each frame that is not all zero, lowest first, its number in 8 bytes, little-endian, and its content.</returns>
    public byte[] HashRam() => RamDigest.Of(System.Memory);

    /// <summary>The files of the host that the guest has opened so far, programs and their interpreters with them: each once, sorted by its path.</summary>
    /// <returns>For each its absolute path as the guest knows it, and its path on the host.</returns>
    public IEnumerable<(string Path, string HostPath)> HostFiles()
    {
        foreach (HostFile file in System.Files.HostFiles.All)
        {
            yield return (file.Path, file.HostPath);
        }
    }

    /// <summary>The whole run as a value: the machine, and all that the kernel keeps. Nothing of the run changes by that.</summary>
    /// <remarks>
    /// Call it between two runs. The host is outside: what was read from and written to its streams stays read and written, host files are
    /// whatever they are later, and who listens to the run's events goes on listening.
    /// </remarks>
    /// <param name="last">An earlier one to share with what did not change; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="last"/> is of another run.</exception>
    public RunImage Save(RunImage? last = null)
    {
        MachineImage machine = System.Processors.Cores.Save(last?.Machine);
        return new RunImage(machine, KernelImage.Of(this, last?.Kernel));
    }

    /// <summary>Makes the run what it was when <paramref name="image"/> was saved; it goes on from there exactly as it did.</summary>
    /// <exception cref="ArgumentException">The image is of another run, or was disposed of.</exception>
    public void Restore(RunImage image)
    {
        System.Processors.Cores.Restore(image.Machine);
        image.Kernel.Restore();
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll([_loop, _history]);

    /// <summary>Frees the machine.</summary>
    public void Dispose()
    {
        System.Processors.Cores.Dispose();
        Ram.Dispose();
    }
}
