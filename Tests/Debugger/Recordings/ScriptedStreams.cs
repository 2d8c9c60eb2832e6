using MmuEmu.Debugger;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>Three streams of a host that count how often they are asked, and keep what is written.</summary>
internal sealed class ScriptedStreams
{
    private readonly Queue<byte[]> _input;
    private byte[] _left = [];

    public ScriptedStreams(params string[] input)
    {
        _input = new Queue<byte[]>(input.Select(System.Text.Encoding.UTF8.GetBytes));
        Host = new GuestStreams(new Stream(this, null), new Stream(this, Out), new Stream(this, Err));
    }

    public GuestStreams Host { get; }

    public BytesOutput Out { get; } = new();

    public BytesOutput Err { get; } = new();

    /// <summary>How often the host was asked anything that a tape has to answer.</summary>
    public int Asked { get; private set; }

    public bool IsTerminal { get; init; }

    /// <summary>What the host says to writes; None by itself.</summary>
    public Errno Refuses { get; set; }

    private sealed class Stream(ScriptedStreams all, BytesOutput? output) : IHostStream
    {
        private readonly byte[] _modes = new byte[36];

        public bool IsTerminal => all.IsTerminal;

        public (ushort Columns, ushort Rows) Size
        {
            get
            {
                all.Asked++;
                return (100, 40);
            }
        }

        public bool HasInput(int milliseconds)
        {
            all.Asked++;
            return all._left.Length > 0 || all._input.Count == 0 || all._input.Peek().Length > 0 || all._input.Dequeue().Length > 0;
        }

        public Errno ReadModes(Span<byte> modes)
        {
            all.Asked++;
            _modes.CopyTo(modes);
            return Errno.None;
        }

        public Errno WriteModes(ReadOnlySpan<byte> modes, int when)
        {
            all.Asked++;
            modes.CopyTo(_modes);
            return Errno.None;
        }

        public Errno Read(Span<byte> destination, out int count)
        {
            all.Asked++;
            count = 0;
            all._left = all._left.Length == 0 && all._input.TryDequeue(out byte[]? next) ? next : all._left;
            count = Math.Min(destination.Length, all._left.Length);
            all._left.AsSpan(0, count).CopyTo(destination);
            all._left = all._left[count..];
            return Errno.None;
        }

        public Errno Write(ReadOnlySpan<byte> source, out int count)
        {
            all.Asked++;
            count = 0;
            return all.Refuses != Errno.None ? all.Refuses : (output ?? all.Out).Write(source, out count);
        }
    }
}
