using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Sessions;

/// <summary>One of the command's own standard streams as the guest's.</summary>
internal sealed class ProcessStream(Stream stream, bool isTerminal) : IHostStream
{
    /// <inheritdoc/>
    public bool IsTerminal => isTerminal;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => isTerminal ? ((ushort)Console.WindowWidth, (ushort)Console.WindowHeight) : ((ushort)80, (ushort)24);

    /// <summary>The command's standard input.</summary>
    public static ProcessStream Input() => new(Console.OpenStandardInput(), !Console.IsInputRedirected);

    /// <summary>The command's standard output.</summary>
    public static ProcessStream Output() => new(Console.OpenStandardOutput(), !Console.IsOutputRedirected);

    /// <summary>The command's standard error.</summary>
    public static ProcessStream Error() => new(Console.OpenStandardError(), !Console.IsErrorRedirected);

    /// <inheritdoc/>
    public int Read(Span<byte> destination) => stream.Read(destination);

    /// <inheritdoc/>
    public bool TryWrite(ReadOnlySpan<byte> source)
    {
        try
        {
            stream.Write(source);
            stream.Flush();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
