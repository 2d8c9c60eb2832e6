using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>What stands between a run that goes on as ever and its host: what comes from the host is written into a recording, or comes from one.</summary>
internal interface IRunTape : IDisposable
{
    /// <summary>The streams as the guest knows them.</summary>
    GuestStreams Streams { get; }

    /// <summary>The disk as the guest knows it.</summary>
    IHostDisk Disk { get; }

    /// <summary>Hears what happens, besides others.</summary>
    ITraceSink Sink { get; }

    /// <summary>Runs on until the guest ends, or somebody wants a pause.</summary>
    /// <param name="kernel">The run.</param>
    /// <param name="isEnded">True when it was ended from outside.</param>
    RunResult Run(MiniKernel kernel, Func<bool> isEnded);

    /// <summary>The run is over.</summary>
    /// <param name="kernel">The run.</param>
    /// <param name="verdict">What is made of it.</param>
    void End(MiniKernel kernel, Verdict verdict);

    /// <summary>What is not as it should be, in words; null while all is.</summary>
    string? Trouble();
}
