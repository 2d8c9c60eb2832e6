using MmuEmu.Emulator.Values;
namespace MmuEmu.Debugger.Gdb;

/// <summary>What becomes of the connection behind a packet.</summary>
internal enum Farewell
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>The other end goes; the session stays where it is, and somebody may come again.</summary>
    Detach,

    /// <summary>The user is done with the run.</summary>
    Kill,
}

/// <summary>All that an answer to a packet may need.</summary>
/// <param name="Session">The session.</param>
/// <param name="Runner">Its moves.</param>
/// <param name="Request">Stops a move.</param>
/// <param name="Monitor">Carries out one line of the command language, and gives the lines that it answers.</param>
internal sealed record PacketContext(GdbSession Session, Runner Runner, StopRequest Request, Func<string, IReadOnlyList<string>> Monitor)
{
    /// <summary>What of the run is not as it was, in words; null while all is.</summary>
    public Func<string?> Trouble { get; init; } = () => null;

    /// <summary>The address that the command language walked for last; null before the first.</summary>
    public Func<VirtAddr?> Focus { get; init; } = () => null;

    /// <summary>What of it the user was told.</summary>
    public string? Told { get; set; }

    /// <summary>What becomes of the connection.</summary>
    public Farewell Farewell { get; set; }

    /// <summary>Sends console output now, in the middle of an answer; null where nobody listens.</summary>
    public Action<byte[]>? Send { get; set; }
}

/// <summary>Answers a packet.</summary>
/// <param name="context">What it may need.</param>
/// <param name="rest">The packet without its name.</param>
/// <returns>The answer, one char a byte; empty for a packet that is not known.</returns>
internal delegate string PacketHandler(PacketContext context, string rest);
