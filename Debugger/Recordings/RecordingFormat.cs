namespace MmuEmu.Debugger.Recordings;

/// <summary>What every recording begins with, and how large its parts may be (docs/recording-format.md).</summary>
internal static class RecordingFormat
{
    /// <summary>The version that is written: it grows when older readers would misread a file.</summary>
    public const ushort Major = 1;

    /// <summary>It grows when a file holds more than older readers know, which they can pass over.</summary>
    public const ushort Minor = 0;

    /// <summary>Magic, major and minor version, and FNV-1a of these.</summary>
    public const int HeaderBytes = 20;

    /// <summary>Kind, coding, stored length and plain length in 4 bytes each, FNV-1a of these, and FNV-1a of the bytes that follow.</summary>
    public const int ChunkHeaderBytes = 32;

    /// <summary>The most plain bytes of a chunk: 32 MiB.</summary>
    public const int MostChunkBytes = 32 << 20;

    /// <summary>The most plain bytes of all chunks: 512 MiB.</summary>
    public const long MostBytes = 512L << 20;

    /// <summary>The most answers, names, signals, checkpoints and segments together: 8 Mi, where an answer of the disk counts as <see cref="DiskItems"/>.</summary>
    public const int MostItems = 1 << 23;

    /// <summary>As how many items an answer of the disk counts.</summary>
    public const int DiskItems = 4;

    /// <summary>The most names of a folder, or words of a command line: 1 Mi.</summary>
    public const int MostTexts = 1 << 20;

    /// <summary>The most options of a run.</summary>
    public const int MostOptions = 1000;

    /// <summary>How many bytes of answers are put into one chunk before the next is begun.</summary>
    public const int UsualChunkBytes = 1 << 18;

    /// <summary>The first bytes of a file; no text begins so, and a transfer as text damages them.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'M', (byte)'M', (byte)'U', (byte)'R', (byte)'E', (byte)'C', (byte)'\n'];
}

/// <summary>What a chunk holds: four letters, the first in the lowest byte.</summary>
internal enum ChunkKind : uint
{
    /// <summary>RUN: what runs and how; the first, and there is one.</summary>
    Run = 'R' | ('U' << 8) | ('N' << 16) | (' ' << 24),

    /// <summary>TAPE: answers of streams.</summary>
    Tape = 'T' | ('A' << 8) | ('P' << 16) | ('E' << 24),

    /// <summary>FILE: the bytes of a file of the host.</summary>
    File = 'F' | ('I' << 8) | ('L' << 16) | ('E' << 24),

    /// <summary>DISK: answers of the disk.</summary>
    Disk = 'D' | ('I' << 8) | ('S' << 16) | ('K' << 24),

    /// <summary>SIGN: signals of the terminal.</summary>
    Signals = 'S' | ('I' << 8) | ('G' << 16) | ('N' << 24),

    /// <summary>CHKP: checkpoints.</summary>
    Checkpoints = 'C' | ('H' << 8) | ('K' << 16) | ('P' << 24),

    /// <summary>SEGM: the summary of a segment.</summary>
    Segment = 'S' | ('E' << 8) | ('G' << 16) | ('M' << 24),

    /// <summary>ENDS: how it ended; the last.</summary>
    End = 'E' | ('N' << 8) | ('D' << 16) | ('S' << 24),
}

/// <summary>How a chunk's bytes are stored.</summary>
internal enum ChunkCoding : uint
{
    /// <summary>As they are.</summary>
    Plain = 0,

    /// <summary>Brotli, RFC 7932.</summary>
    Brotli = 1,
}
