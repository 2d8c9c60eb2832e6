using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>What a file is ready for, as poll tells it.</summary>
/// <remarks>Source: [Linux include/uapi/asm-generic/poll.h].</remarks>
[Flags]
internal enum PollEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A read does not wait.</summary>
    In = 0x0001,

    /// <summary>A write does not wait.</summary>
    Out = 0x0004,

    /// <summary>The reader of a pipe is gone.</summary>
    Error = 0x0008,

    /// <summary>The writer of a pipe is gone.</summary>
    HangUp = 0x0010,

    /// <summary>The descriptor is not open.</summary>
    Invalid = 0x0020,
}

/// <summary>The bytes behind a file: a door that files of memory, files of the host, devices, pipes and streams implement.</summary>
internal interface IFileContent
{
    /// <summary>Bytes in it: of a pipe those that wait to be read; 0 where that has no meaning.</summary>
    ulong SizeBytes { get; }

    /// <summary>True when reads and writes name a position.</summary>
    bool Seekable { get; }

    /// <summary>What it is ready for.</summary>
    PollEvents Ready { get; }

    /// <summary>Times that somebody has read or written it or closed its other end, for waiters that want to hear of each; 0 where nobody counts.</summary>
    ulong Changes => 0;

    /// <summary>What mappings of it use; null when it cannot be mapped.</summary>
    IBacking? Backing { get; }

    /// <summary>What one opening of it reads and writes: itself, but for devices of which every opening is a thing of its own.</summary>
    IFileContent ForOpening() => this;

    /// <summary>Reads from <paramref name="offset"/> on.</summary>
    /// <returns>Bytes read, 0 at the end; EAGAIN when a read has to wait; EBADF, EIO.</returns>
    Result<int> Read(ulong offset, Span<byte> destination);

    /// <summary>Writes from <paramref name="offset"/> on.</summary>
    /// <returns>Bytes written; EAGAIN when a write has to wait; EPIPE; ENOSPC; EROFS.</returns>
    Result<int> Write(ulong offset, ReadOnlySpan<byte> source);

    /// <summary>Cuts or lengthens it; new bytes are zero.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL where that has no meaning; EROFS; ENOSPC.</returns>
    Refusal Resize(ulong sizeBytes);

    /// <summary>The file was opened once more.</summary>
    void Opened();

    /// <summary>One opening of the file ended: its last descriptor went away.</summary>
    void Closed();
}
