using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>A regular file of the host that is open to be read; disposing of it closes it.</summary>
public interface IHostFile : IDisposable
{
    /// <summary>Reads what lies at <paramref name="offset"/>. Does not throw.</summary>
    /// <param name="offset">In bytes from the file's begin.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="count">Out: bytes read, fewer than asked for only at the file's end; 0 with an errno.</param>
    /// <returns>None; EACCES, EIO or another errno of the host.</returns>
    Errno Read(ulong offset, Span<byte> destination, out int count);
}
