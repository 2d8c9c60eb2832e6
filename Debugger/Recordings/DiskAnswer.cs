using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Recordings;

/// <summary>What a kernel can ask of a disk; the numbers stand in recordings.</summary>
internal enum DiskQuestion
{
    /// <summary>A path as an absolute one.</summary>
    FullPath = 0,

    /// <summary>What lies at a path.</summary>
    Stat = 1,

    /// <summary>The names in a folder.</summary>
    List = 2,

    /// <summary>The content of a file.</summary>
    Open = 3,
}

/// <summary>What the host answered to a question about its disk.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Path">About which path.</param>
/// <param name="Errno">None, or why not.</param>
internal sealed record DiskAnswer(DiskQuestion Question, string Path, Errno Errno)
{
    /// <summary>The absolute path, for <see cref="DiskQuestion.FullPath"/>.</summary>
    public string Full { get; init; } = "";

    /// <summary>What is there, for <see cref="DiskQuestion.Stat"/>.</summary>
    public HostEntry Entry { get; init; }

    /// <summary>The names in the host's order, for <see cref="DiskQuestion.List"/>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The file, for <see cref="DiskQuestion.Open"/>; null with an errno.</summary>
    public TapeFile? File { get; init; }
}

/// <summary>A run asked for something of the disk that its recording does not hold.</summary>
/// <param name="Question">What.</param>
/// <param name="Path">About which path.</param>
internal sealed record DiskMissing(DiskQuestion Question, string Path);
