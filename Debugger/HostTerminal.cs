using System.Buffers.Binary;
using System.Runtime.Versioning;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger;

/// <summary>The terminal that the command was started at: it follows the settings of the guest, and gets its own back.</summary>
/// <remarks>
/// Lines are edited, echoed and broken by the host's terminal. One thing differs from what the guest sets: the interrupt character stays one,
/// so that a guest that takes it as a byte, and then hangs, can be ended. Called from the run and from handlers of signals.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class HostTerminal
{
    /// <summary>Bytes of the kernel's struct termios.</summary>
    private const int LengthBytes = 36;

    private const int LocalAt = 12;
    private const int CharactersAt = 17;
    private const int InterruptAt = CharactersAt;
    private const int QuitAt = CharactersAt + 1;
    private const int MinimumAt = CharactersAt + 6;
    private const int SuspendAt = CharactersAt + 10;
    private const uint Signals = 1;
    private const uint Canonical = 2;
    private const uint NoFlush = 0x80;

    private readonly Lock _lock = new();
    private readonly int _descriptor;
    private readonly byte[] _found = new byte[LengthBytes];
    private byte[]? _guests;
    private int _typed;

    private HostTerminal(int descriptor) => _descriptor = descriptor;

    /// <summary>The byte that <see cref="Type"/> types: Ctrl-C.</summary>
    public static byte InterruptByte => 3;

    /// <summary>The guest has made settings by which the interrupt character is a byte like others.</summary>
    public bool TakesInterruptAsByte => Volatile.Read(ref _guests) is { } modes && IsByte(modes);

    /// <summary>The guest has made settings by which a read without input ends.</summary>
    public bool ReadsNothing => Volatile.Read(ref _guests) is { } modes && (Local(modes) & Canonical) == 0 && modes[MinimumAt] == 0;

    /// <summary>Interrupt characters that wait to be read as bytes.</summary>
    public bool HasTyped => Volatile.Read(ref _typed) > 0;

    /// <summary>The terminal behind the first of the standard streams that is one; null for none.</summary>
    public static HostTerminal? Find()
    {
        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            HostTerminal terminal = new(descriptor);
            if (HostDescriptor.IsTerminal(descriptor) && HostDescriptor.ReadModes(descriptor, terminal._found) == Errno.None)
            {
                return terminal;
            }
        }

        return null;
    }

    /// <summary>The interrupt character comes as a byte.</summary>
    public void Type() => Interlocked.Increment(ref _typed);

    /// <summary>Takes one that was typed; the run's thread alone does.</summary>
    public void TakeTyped() => Interlocked.Decrement(ref _typed);

    /// <summary>The settings as the guest made or found them.</summary>
    public Errno ReadModes(Span<byte> modes)
    {
        (Volatile.Read(ref _guests) ?? _found).CopyTo(modes);
        return Errno.None;
    }

    /// <summary>Follows new settings of the guest.</summary>
    /// <param name="modes">The kernel's struct termios, 36 bytes.</param>
    /// <param name="when">As <see cref="HostDescriptor.WriteModes"/> takes it.</param>
    /// <returns>None, or the host's errno.</returns>
    public Errno WriteModes(ReadOnlySpan<byte> modes, int when)
    {
        lock (_lock)
        {
            byte[] wanted = modes.ToArray();
            Errno errno = HostDescriptor.WriteModes(_descriptor, Kept(wanted), when);
            if (errno == Errno.None)
            {
                Volatile.Write(ref _guests, wanted);
            }

            return errno;
        }
    }

    /// <summary>Gives the terminal back as it was found: at an end, or for as long as the command is stopped.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            if (_guests is not null)
            {
                Reset();
            }
        }
    }

    /// <summary>Sets the terminal to what it was found as, whoever changed it.</summary>
    public void Reset()
    {
        if (HostDescriptor.IsForeground(_descriptor))
        {
            _ = HostDescriptor.WriteModes(_descriptor, _found, 0);
        }
    }

    /// <summary>Follows the guest's settings again, which may find others than before.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (_guests is { } modes && HostDescriptor.IsForeground(_descriptor))
            {
                _ = HostDescriptor.WriteModes(_descriptor, Kept(modes), 0);
            }
        }
    }

    private static uint Local(byte[] modes) => BinaryPrimitives.ReadUInt32LittleEndian(modes.AsSpan(LocalAt));

    private static bool IsByte(byte[] modes) => (Local(modes) & Signals) == 0 || modes[InterruptAt] == 0;

    /// <summary>What the host's terminal is set to: the guest's settings, with an interrupt character in any case.</summary>
    private static byte[] Kept(byte[] modes)
    {
        if (!IsByte(modes))
        {
            return modes;
        }

        byte[] kept = [.. modes];
        kept[InterruptAt] = InterruptByte;
        if ((Local(modes) & Signals) == 0)
        {
            (kept[QuitAt], kept[SuspendAt]) = (0, 0);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(kept.AsSpan(LocalAt), Local(modes) | Signals | NoFlush);
        return kept;
    }
}
