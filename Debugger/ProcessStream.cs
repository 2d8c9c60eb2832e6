using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger;

/// <summary>One of the command's own standard streams as the guest's.</summary>
internal sealed class ProcessStream : IHostStream
{
    private readonly Stream _stream;
    private readonly int _descriptor;

    private ProcessStream(Stream stream, int descriptor, bool isTerminal) =>
        (_stream, _descriptor, IsTerminal) = (stream, descriptor, isTerminal);

    /// <inheritdoc/>
    public bool IsTerminal { get; }

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => IsTerminal ? ((ushort)Console.WindowWidth, (ushort)Console.WindowHeight) : ((ushort)80, (ushort)24);

    /// <summary>The command's standard input.</summary>
    public static ProcessStream Input() => new(Console.OpenStandardInput(), 0, !Console.IsInputRedirected);

    /// <summary>The command's standard output.</summary>
    public static ProcessStream Output() => new(Console.OpenStandardOutput(), 1, !Console.IsOutputRedirected);

    /// <summary>The command's standard error.</summary>
    public static ProcessStream Error() => new(Console.OpenStandardError(), 2, !Console.IsErrorRedirected);

    /// <inheritdoc/>
    public int Read(Span<byte> destination) => _stream.Read(destination);

    /// <inheritdoc/>
    /// <remarks>.NET's console stream swallows a broken pipe, and a guest that writes for ever would never hear of it.</remarks>
    public bool TryWrite(ReadOnlySpan<byte> source)
    {
        if (OperatingSystem.IsLinux())
        {
            return HostDescriptor.TryWrite(_descriptor, source);
        }

        try
        {
            _stream.Write(source);
            _stream.Flush();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
