using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What the user of the debugger is to read: it goes over when the other end listens, and is kept until then.</summary>
/// <param name="terminal">Hears the command's own lines as they are said; null for nobody.</param>
/// <param name="isShared">True when the terminal is the debugger's too, so that each line goes one of the two ways only.</param>
internal sealed class GdbConsole(Action<string>? terminal = null, bool isShared = false)
{
    private const int MostKept = 256 << 10;
    private readonly List<byte> _kept = [];
    private bool _lost;

    /// <summary>Takes bytes to the other end; null while it does not listen.</summary>
    public Action<byte[]>? Sink { get; set; }

    /// <summary>One line of the command's own.</summary>
    public void Say(string line)
    {
        bool isTold = terminal is not null && (Sink is null || !isShared);
        if (isTold)
        {
            terminal!(line);
        }

        if (isTold && isShared)
        {
            return;
        }

        Write(Encoding.UTF8.GetBytes($"mmuemu: {line}\n"));
    }

    /// <summary>Bytes as they are, such as the guest's output.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Sink is { } sink)
        {
            sink(bytes.ToArray());
            return;
        }

        _lost |= _kept.Count + bytes.Length > MostKept;
        _kept.AddRange(_kept.Count + bytes.Length > MostKept ? [] : bytes);
    }

    /// <summary>The other end listens from now on, and hears first what was kept.</summary>
    public void Open(Action<byte[]> sink)
    {
        if (_kept.Count > 0)
        {
            sink([.. _kept]);
        }

        if (_lost)
        {
            sink("mmuemu: some lines are lost here: too many came at once\n"u8.ToArray());
        }

        _kept.Clear();
        (Sink, _lost) = (sink, false);
    }

    /// <summary>It listens no longer.</summary>
    public void Close() => Sink = null;

    /// <summary>A standard stream of the guest that writes here and has nothing to read.</summary>
    public IHostStream Stream() => new GuestOutput(this);

    private sealed class GuestOutput(GdbConsole console) : IHostStream
    {
        public bool IsTerminal => false;

        public (ushort Columns, ushort Rows) Size => (80, 24);

        public Errno Read(Span<byte> destination, out int count)
        {
            count = 0;
            return Errno.None;
        }

        public Errno Write(ReadOnlySpan<byte> source, out int count)
        {
            console.Write(source);
            count = source.Length;
            return Errno.None;
        }
    }
}
