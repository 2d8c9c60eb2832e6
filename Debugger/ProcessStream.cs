using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger;

/// <summary>One of the command's own standard streams, as the guest's and as the command's.</summary>
/// <remarks>.NET's console streams swallow a broken pipe and throw where a stream is closed; on Linux they are passed by.</remarks>
internal sealed class ProcessStream : IHostStream
{
    private const int PollMilliseconds = 50;

    private readonly Lazy<Stream> _stream;
    private readonly int _descriptor;
    private readonly bool _isOpen;
    private readonly HostInterrupt _interrupt;

    private ProcessStream(int descriptor, Func<Stream> open, bool isTerminal, HostInterrupt interrupt)
    {
        (_descriptor, _stream, _interrupt) = (descriptor, new Lazy<Stream>(open), interrupt);
        _isOpen = !OperatingSystem.IsLinux() || HostDescriptor.IsOpen(descriptor);
        IsTerminal = isTerminal;
    }

    /// <inheritdoc/>
    public bool IsTerminal { get; }

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => !IsTerminal ? ((ushort)80, (ushort)24)
        : OperatingSystem.IsLinux() ? HostDescriptor.SizeOf(_descriptor)
        : ((ushort)Console.WindowWidth, (ushort)Console.WindowHeight);

    /// <summary>The command's standard input; a read that waits ends with EINTR when <paramref name="interrupt"/> comes.</summary>
    public static ProcessStream Input(HostInterrupt interrupt) =>
        new(0, Console.OpenStandardInput, OperatingSystem.IsLinux() ? HostDescriptor.IsTerminal(0) : !Console.IsInputRedirected, interrupt);

    /// <summary>The command's standard output.</summary>
    public static ProcessStream Output() =>
        new(1, Console.OpenStandardOutput, OperatingSystem.IsLinux() ? HostDescriptor.IsTerminal(1) : !Console.IsOutputRedirected, new());

    /// <summary>The command's standard error.</summary>
    public static ProcessStream Error() =>
        new(2, Console.OpenStandardError, OperatingSystem.IsLinux() ? HostDescriptor.IsTerminal(2) : !Console.IsErrorRedirected, new());

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        count = 0;
        if (!_isOpen)
        {
            return Errno.EBADF;
        }

        if (!OperatingSystem.IsLinux())
        {
            count = _stream.Value.Read(destination);
            return Errno.None;
        }

        while (!HostDescriptor.HasInput(_descriptor, PollMilliseconds))
        {
            if (_interrupt.IsAsked)
            {
                return Errno.EINTR;
            }
        }

        return HostDescriptor.Read(_descriptor, destination, out count);
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        if (!_isOpen)
        {
            return Errno.EBADF;
        }

        if (OperatingSystem.IsLinux())
        {
            return HostDescriptor.Write(_descriptor, source, out count);
        }

        try
        {
            _stream.Value.Write(source);
            _stream.Value.Flush();
            count = source.Length;
            return Errno.None;
        }
        catch (IOException refused)
        {
            return HostFailure.Of(refused);
        }
    }
}
