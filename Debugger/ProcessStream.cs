using System.Runtime.Versioning;
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
    private readonly HostSeat _seat;

    private ProcessStream(int descriptor, Func<Stream> open, bool isTerminal, HostSeat seat)
    {
        (_descriptor, _stream, _seat) = (descriptor, new Lazy<Stream>(open), seat);
        _isOpen = !OperatingSystem.IsLinux() || HostDescriptor.IsOpen(descriptor);
        IsTerminal = isTerminal;
    }

    /// <inheritdoc/>
    public bool IsTerminal { get; }

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => !IsTerminal ? ((ushort)80, (ushort)24)
        : OperatingSystem.IsLinux() ? HostDescriptor.SizeOf(_descriptor)
        : ((ushort)Console.WindowWidth, (ushort)Console.WindowHeight);

    /// <summary>The command's standard input; a read that waits ends with EINTR when somebody interrupts.</summary>
    public static ProcessStream Input(HostSeat seat) =>
        new(0, Console.OpenStandardInput, OperatingSystem.IsLinux() ? HostDescriptor.IsTerminal(0) : !Console.IsInputRedirected, seat);

    /// <summary>The command's standard output.</summary>
    public static ProcessStream Output(HostSeat seat) =>
        new(1, Console.OpenStandardOutput, OperatingSystem.IsLinux() ? HostDescriptor.IsTerminal(1) : !Console.IsOutputRedirected, seat);

    /// <summary>The command's standard error.</summary>
    public static ProcessStream Error(HostSeat seat) =>
        new(2, Console.OpenStandardError, OperatingSystem.IsLinux() ? HostDescriptor.IsTerminal(2) : !Console.IsErrorRedirected, seat);

    /// <inheritdoc/>
    public bool HasInput(int milliseconds)
    {
        if (!OperatingSystem.IsLinux() || !_isOpen)
        {
            return true;
        }

        Listen();
        return HasTyped() || HostDescriptor.HasInput(_descriptor, milliseconds);
    }

    /// <inheritdoc/>
    public Errno ReadModes(Span<byte> modes) =>
        OperatingSystem.IsLinux() && IsTerminal && _seat.Terminal is { } terminal ? terminal.ReadModes(modes) : Errno.ENOTTY;

    /// <inheritdoc/>
    public Errno WriteModes(ReadOnlySpan<byte> modes, int when)
    {
        if (!OperatingSystem.IsLinux() || !IsTerminal || _seat.Terminal is not { } terminal)
        {
            return Errno.None;
        }

        Listen();
        return terminal.WriteModes(modes, when);
    }

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

        if (HasTyped())
        {
            _seat.Terminal!.TakeTyped();
            destination[0] = HostTerminal.InterruptByte;
            count = 1;
            return Errno.None;
        }

        bool waits = !IsTerminal || _seat.Terminal is not { ReadsNothing: true };
        while (waits && !HasInput(PollMilliseconds))
        {
            if (_seat.Interrupt.IsAsked)
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
            if (IsTerminal)
            {
                _seat.Status?.Yield(source);
            }

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

    [SupportedOSPlatform("linux")]
    private bool HasTyped() => IsTerminal && _seat.Terminal is { HasTyped: true };

    /// <summary>A terminal that is listened to belongs to the guest alone.</summary>
    [SupportedOSPlatform("linux")]
    private void Listen()
    {
        if (IsTerminal)
        {
            _seat.Status?.End();
        }
    }
}
