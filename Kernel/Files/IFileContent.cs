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

    /// <summary>Bytes that it takes up where it is kept: what st_blocks counts.</summary>
    ulong HeldBytes => SizeBytes;

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

    /// <summary>Of the next <paramref name="bytes"/>, how many a reader may take whose buffer ends there: what is copied in pieces moves whole pieces only.</summary>
    int WholeToRead(int bytes) => bytes;

    /// <summary>How many bytes a writer may give of whose <paramref name="wanted"/> only the first <paramref name="readable"/> can be fetched.</summary>
    int WholeToWrite(int readable, ulong wanted) => readable;

    /// <summary>Cuts or lengthens it; new bytes are zero.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL where that has no meaning; EROFS; ENOSPC.</returns>
    Refusal Resize(ulong sizeBytes);

    /// <summary>Sets room aside, so that later writes find it.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="lengthBytes">Bytes; offset and length together are no more than the largest file.</param>
    /// <param name="keepSize">The file stays as long as it is.</param>
    /// <returns>None; EOPNOTSUPP where that has no meaning; ENOSPC, ENOMEM; EPERM when growing is sealed.</returns>
    Refusal Allocate(ulong offset, ulong lengthBytes, bool keepSize) => Errno.EOPNOTSUPP;

    /// <summary>Where data begins, from <paramref name="offset"/> on, which is inside the file; null when there is only a hole to its end.</summary>
    ulong? FindData(ulong offset) => offset;

    /// <summary>Where a hole begins, from <paramref name="offset"/> on, which is inside the file; at its end there is one.</summary>
    ulong FindHole(ulong offset) => SizeBytes;

    /// <summary>Reads a page of it without changing anything, for who only looks; false beyond the end.</summary>
    bool TryPeek(ulong pageIndex, Span<byte> page) => pageIndex < (SizeBytes + 0xFFF) >> 12 && Read(pageIndex << 12, page).Ok(out _, out _);

    /// <summary>The file was opened once more.</summary>
    void Opened();

    /// <summary>One opening of the file ended: its last descriptor went away.</summary>
    void Closed();
}
