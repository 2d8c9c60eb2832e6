using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Recordings;

/// <summary>All that comes from the host into one run.</summary>
/// <param name="Input">Its streams.</param>
/// <param name="Disk">Its disk.</param>
/// <param name="Signals">Its terminal's signals.</param>
internal sealed record RunTapes(InputTape Input, DiskTape Disk, SignalTape Signals)
{
    /// <summary>Tapes that are empty, of the host's streams and disk.</summary>
    public static RunTapes Of(GuestStreams streams, IHostDisk disk) => new(InputTape.Of(streams), DiskTape.Of(disk), new SignalTape());

    /// <summary>The options of a run that the tapes answer: nothing of it is the host's any more but files that they do not hold.</summary>
    public KernelOptions On(KernelOptions options) => options with
    {
        Input = Input.Streams.Input,
        Output = Input.Streams.Output,
        Error = Input.Streams.Error,
        Disk = Disk,
    };
}
