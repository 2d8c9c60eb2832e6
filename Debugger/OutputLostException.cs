using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger;

/// <summary>What the command itself has to say cannot be written: the disk is full, the stream is closed, nobody reads the pipe.</summary>
/// <param name="stream">Which stream, in words.</param>
/// <param name="errno">Why.</param>
internal sealed class OutputLostException(string stream, Errno errno) : Exception($"cannot write to {stream}: {HostFailure.Words(errno)}");
