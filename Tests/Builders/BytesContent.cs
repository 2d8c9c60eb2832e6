using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Tests.Builders;

/// <summary>A file that is its bytes, to read only.</summary>
internal sealed class BytesContent(byte[] bytes) : IFileContent
{
    public ulong SizeBytes => (ulong)bytes.Length;

    public bool Seekable => true;

    public PollEvents Ready => PollEvents.In;

    public IBacking? Backing => null;

    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        ReadOnlySpan<byte> rest = offset >= SizeBytes ? [] : bytes.AsSpan((int)offset);
        int count = Math.Min(rest.Length, destination.Length);
        rest[..count].CopyTo(destination);
        return count;
    }

    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => Errno.EROFS;

    public Refusal Resize(ulong sizeBytes) => Errno.EROFS;

    public void Opened()
    {
    }

    public void Closed()
    {
    }
}
