using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace MmuEmu.Debugger;

/// <summary>One line at the end of a terminal that shows that a silent run is alive; it is gone before anything else is written there.</summary>
/// <remarks>It shows nothing in the middle of a line, nothing soon after other output, and nothing any more once the guest listens to the terminal.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class StatusLine
{
    private const int Descriptor = 2;

    /// <summary>How long a run is silent before the line appears.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>How long it stays as it is.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock = TimeProvider.System;
    private bool _isShown;
    private bool _isOver;
    private bool _isInLine;
    private long _lastWrite;
    private (long At, ulong Time) _last;

    private StatusLine()
    {
    }

    /// <summary>The line of the terminal behind standard error; null when there is none that can erase.</summary>
    public static StatusLine? Find() =>
        HostDescriptor.IsTerminal(Descriptor) && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb" ? new StatusLine() : null;

    /// <summary>A run begins, at T = 0.</summary>
    public void Begin() => _last = (_lastWrite = _clock.GetTimestamp(), 0);

    /// <summary>Shows how far the run is, in instructions, and how many millions of them a second it did since the line was last asked for.</summary>
    public void Show(ulong time)
    {
        lock (_lock)
        {
            long now = _clock.GetTimestamp();
            double seconds = _clock.GetElapsedTime(_last.At, now).TotalSeconds;
            ulong ran = time - _last.Time;
            _last = (now, time);
            if (_isOver || _isInLine || _clock.GetElapsedTime(_lastWrite, now) < Silence)
            {
                return;
            }

            _isShown = true;
            Put(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[Kmmuemu: t={time}, {ran / seconds / 1e6:F0} MIPS"));
        }
    }

    /// <summary>Something else is about to be written to a terminal.</summary>
    public void Yield(ReadOnlySpan<byte> source)
    {
        lock (_lock)
        {
            Erase();
            _isInLine = source.IsEmpty ? _isInLine : source[^1] != (byte)'\n';
            _lastWrite = _clock.GetTimestamp();
        }
    }

    /// <summary>The guest listens to the terminal, or the run is over: the line is gone and stays away.</summary>
    public void End()
    {
        if (_isOver)
        {
            return;
        }

        lock (_lock)
        {
            Erase();
            _isOver = true;
        }
    }

    private static void Put(string text) => _ = HostDescriptor.Write(Descriptor, Encoding.ASCII.GetBytes(text), out _);

    private void Erase()
    {
        if (_isShown)
        {
            _isShown = false;
            Put("\r\u001b[K");
        }
    }
}
