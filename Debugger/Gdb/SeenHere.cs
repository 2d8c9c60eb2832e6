using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What was looked at where the journey is: inside an instruction each look runs a piece of the run again, so none is made twice.</summary>
/// <param name="journey">The journey.</param>
internal sealed class SeenHere(Journey journey)
{
    private const int PageBytes = 4096;
    private const int MostPages = 1024;
    private readonly Dictionary<int, TaskRegisters?> _registers = [];
    private readonly Dictionary<(int Space, ulong Page), byte[]> _pages = [];
    private IReadOnlyList<TaskView>? _tasks;
    private IReadOnlyList<ProcessView>? _processes;
    private Position _where;

    /// <summary>All threads.</summary>
    public IReadOnlyList<TaskView> Tasks
    {
        get
        {
            Check();
            return _tasks ??= Look(view => view.Tasks());
        }
    }

    /// <summary>All processes.</summary>
    public IReadOnlyList<ProcessView> Processes
    {
        get
        {
            Check();
            return _processes ??= Look(view => view.Processes());
        }
    }

    /// <summary>Registers of a thread; null when there is none.</summary>
    public TaskRegisters? RegistersOf(int tid)
    {
        Check();
        if (!_registers.TryGetValue(tid, out TaskRegisters? known))
        {
            Position settled = SettledPosition.Of(journey.Here, journey.Now);
            known = journey.Course.Look(settled, kernel => new KernelView(kernel).RegistersOf(tid));
            _registers.Add(tid, known);
        }

        return known;
    }

    /// <summary>Reads memory of a space up to the first byte that is not to be had.</summary>
    /// <returns>Bytes read.</returns>
    public int Read(int space, ulong address, Span<byte> bytes)
    {
        Check();
        int done = 0;
        while (done < bytes.Length && unchecked(address + (ulong)done) is var at && at >= address)
        {
            byte[] page = PageOf(space, at & ~(ulong)(PageBytes - 1));
            int offset = (int)(at % PageBytes);
            int count = Math.Min(page.Length - offset, bytes.Length - done);
            if (count <= 0)
            {
                break;
            }

            page.AsSpan(offset, count).CopyTo(bytes[done..]);
            done += count;
        }

        return done;
    }

    /// <summary>The machine has changed here.</summary>
    public void Forget()
    {
        _registers.Clear();
        _pages.Clear();
        (_tasks, _processes) = (null, null);
    }

    private byte[] PageOf(int space, ulong page)
    {
        if (_pages.TryGetValue((space, page), out byte[]? known))
        {
            return known;
        }

        if (_pages.Count >= MostPages)
        {
            _pages.Clear();
        }

        byte[] read = Look(view =>
        {
            byte[] bytes = new byte[PageBytes];
            return bytes[..view.ReadBehind(space, new VirtAddr(page), bytes, out _)];
        });
        _pages.Add((space, page), read);
        return read;
    }

    private void Check()
    {
        if (_where != journey.Here)
        {
            _where = journey.Here;
            Forget();
        }
    }

    private T Look<T>(Func<KernelView, T> look) => journey.Look(kernel => look(new KernelView(kernel)));
}
