using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A setting of the kernel that has a file: the door that the files of /proc/sys and /sys/kernel implement.</summary>
internal interface ISetting : ITextSource
{
    /// <summary>Takes what was written, without blanks and newline at its ends.</summary>
    /// <returns>None; EINVAL for what it does not understand.</returns>
    Refusal Set(string text);
}

/// <summary>A file that shows a setting and, written, changes it.</summary>
internal sealed class SettingContent(ISetting setting) : IFileContent
{
    private const int MostBytes = 4096;

    /// <inheritdoc/>
    public ulong SizeBytes => 0;

    /// <inheritdoc/>
    public bool Seekable => true;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        byte[] bytes = GuestText.Bytes(setting.Text());
        if (offset >= (ulong)bytes.Length)
        {
            return 0;
        }

        int count = Math.Min(destination.Length, bytes.Length - (int)offset);
        bytes.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source)
    {
        if (source.Length > MostBytes)
        {
            return Errno.EINVAL;
        }

        Refusal refusal = setting.Set(Encoding.UTF8.GetString(source).Trim());
        return refusal == Refusal.None ? source.Length : refusal;
    }

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes) => Refusal.None;

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed()
    {
    }
}
