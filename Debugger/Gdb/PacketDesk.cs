using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Answers packets, whatever is in them.</summary>
internal sealed class PacketDesk : IDisposable
{
    private readonly PacketContext _context;

    /// <summary>A desk for a journey.</summary>
    /// <param name="journey">It.</param>
    /// <param name="console">Where lines for the user go.</param>
    /// <param name="monitor">Carries out one line of the command language, and gives the lines that it answers.</param>
    /// <param name="trouble">Says what of the run is not as it was; null while all is.</param>
    /// <param name="focus">The address that the language walked for last; null before the first.</param>
    public PacketDesk(
        Journey journey, GdbConsole console, Func<string, IReadOnlyList<string>> monitor, Func<string?>? trouble = null, Func<VirtAddr?>? focus = null)
    {
        GdbSession session = new(journey, console);
        StopRequest request = new(journey);
        _context = new PacketContext(session, new Runner(session, request), request, monitor) { Trouble = trouble ?? (() => null), Focus = focus ?? (() => null) };
    }

    /// <summary>The session.</summary>
    public GdbSession Session => _context.Session;

    /// <summary>What becomes of the connection behind the last packet.</summary>
    public Farewell Farewell => _context.Farewell;

    /// <summary>Somebody comes.</summary>
    /// <param name="send">Takes console output to him; null for nowhere.</param>
    public void Begin(Action<byte[]>? send)
    {
        (_context.Farewell, _context.Send) = (Farewell.None, send);
        _context.Request.Forget();
        Session.Begin();
    }

    /// <summary>The user wants a stop; any thread may say so.</summary>
    public void Interrupt() => _context.Request.Ask();

    /// <summary>Nobody is at the other end any more; any thread may say so.</summary>
    public void GiveUp() => _context.Request.GiveUp();

    /// <summary>The answer to a packet, one char a byte.</summary>
    public string Answer(string packet) => PacketTable.Find(packet, out string rest) is { } row ? row.Answer(_context, rest) : PacketText.Unknown;

    /// <inheritdoc/>
    public void Dispose() => _context.Request.Dispose();
}
