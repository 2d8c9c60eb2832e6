using System.Globalization;
using System.Net;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Where the server listens: <c>[HOST:]PORT</c>.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port; 0 for one that is free.</param>
/// <param name="IsOpen">True when others than this machine can come.</param>
internal sealed record ListenWord(IPAddress Address, int Port, bool IsOpen)
{
    /// <summary>How it is written.</summary>
    public const string Form = "[HOST:]PORT, such as 1234, :0 or 0.0.0.0:1234";

    private const int DefaultPort = 1234;

    /// <summary>Where it listens when nothing is said: on this machine only, as gdb's manual and QEMU have it.</summary>
    public static ListenWord Default { get; } = new(IPAddress.Loopback, DefaultPort, false);

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandException">It is neither a port nor an address with a port.</exception>
    public static ListenWord Of(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon].Trim('[', ']');
        bool known = int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort;
        IPAddress? address = host is "" or "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null;
        return known && address is not null
            ? new ListenWord(address, port, !IPAddress.IsLoopback(address))
            : throw new CommandException(ExitCodes.Usage, $"--listen '{text}': expected {Form}", "try: --listen 1234");
    }
}
