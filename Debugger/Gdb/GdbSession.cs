using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>A journey as one remote debugger sees it: which threads are its, what it looks at, where it wants to stop.</summary>
/// <param name="journey">The journey.</param>
/// <param name="console">Where lines for the user go.</param>
internal sealed class GdbSession(Journey journey, GdbConsole console)
{
    private readonly HashSet<int> _detached = [];
    private ThreadWord _picked;

    /// <summary>The journey.</summary>
    public Journey Journey => journey;

    /// <summary>Where lines for the user go.</summary>
    public GdbConsole Console => console;

    /// <summary>What the other end understands and wants.</summary>
    public ClientWishes Wishes { get; private set; } = new();

    /// <summary>Breakpoints and watchpoints.</summary>
    public StopSet Stops { get; } = new();

    /// <summary>The files that the other end has open.</summary>
    public OpenGuestFiles Files { get; } = new();

    /// <summary>Values of registers that nobody can write, as they were told.</summary>
    public ToldValues Told { get; } = new();

    /// <summary>What was seen here so far.</summary>
    public SeenHere Seen { get; } = new(journey);

    /// <summary>The address that the paging registers are of; null for the one of CR2.</summary>
    public VirtAddr? Walked { get; set; }

    /// <summary>Why it stands here.</summary>
    public GdbStop? Last { get; set; }

    /// <summary>The thread that the user has named; null once a move has told of another one.</summary>
    public ThreadWord? Named { get; set; }

    /// <summary>The thread that steps concern; all of it is the machine's to decide when 0.</summary>
    public int StepTid { get; set; }

    /// <summary>Somebody else is at the other end now.</summary>
    public void Begin()
    {
        Wishes = new ClientWishes();
        _detached.Clear();
        (_picked, Named) = (default, null);
        StepTid = 0;
        Stops.Clear();
        Files.CloseAll();
        Walked = null;
        Last = null;
        if (!journey.IsAtInstruction && journey.Latest is null)
        {
            journey.Seek(journey.Here.Time);
        }
    }

    /// <summary>Looks at the kernel as it is here.</summary>
    public T Look<T>(Func<KernelView, T> look) => journey.Look(kernel => look(new KernelView(kernel)));

    /// <summary>Threads that live and are the debugger's.</summary>
    public IEnumerable<TaskView> Tasks => Seen.Tasks.Where(task => task.Wait.Kind != WaitKind.Reaping && IsAttached(task.Pid));

    /// <summary>The thread that is asked about.</summary>
    public TaskView? Picked => Find(_picked) ?? Current;

    /// <summary>The thread at work, or another one when none is, or it is not the debugger's.</summary>
    public TaskView? Current =>
        Tasks.FirstOrDefault(task => task.Tid == (Last?.Tid ?? 0))
        ?? Tasks.FirstOrDefault(task => task.IsAtWork)
        ?? Tasks.FirstOrDefault();

    /// <summary>The address space of the thread that is asked about; null when there is none.</summary>
    public int? Space => Picked is { } task ? SpaceOf(task.Pid) : null;

    /// <summary>The address space of a process; null once it has ended.</summary>
    public int? SpaceOf(int pid) => Seen.Processes.FirstOrDefault(process => process.Pid == pid)?.Space;

    /// <summary>Asks about another thread.</summary>
    public void Pick(ThreadWord thread) => _picked = thread;

    /// <summary>A thread that is named exactly; null when it does not live or is not the debugger's.</summary>
    public TaskView? Find(ThreadWord thread) =>
        thread.IsOne || thread.Pid > 0 ? Tasks.FirstOrDefault(task => thread.Covers(task.Pid, task.Tid)) : null;

    /// <summary>True while a process is the debugger's.</summary>
    public bool IsAttached(int pid) => !_detached.Contains(pid);

    /// <summary>A process is not the debugger's any more.</summary>
    public void Detach(int pid) => _detached.Add(pid);

    /// <summary>A process is the debugger's (again).</summary>
    public void Attach(int pid) => _detached.Remove(pid);

    /// <summary>A thread's name in packets.</summary>
    public string NameOf(int pid, int tid) =>
        Wishes.Multiprocess ? $"p{HexText.Of((ulong)pid)}.{HexText.Of((ulong)tid)}" : HexText.Of((ulong)tid);

    /// <summary>A signal's number in packets: gdb's own to gdb, Linux's to lldb.</summary>
    public int NumberOf(Signal signal) => Wishes.NamesThreads ? (int)signal : GdbSignalTable.NumberOf(signal);

    /// <summary>The signal that such a number means; None for all others.</summary>
    public Signal SignalOf(int number) => Wishes.NamesThreads ? (Signal)number : GdbSignalTable.SignalOf(number);

    /// <summary>Changes the machine here: another future begins.</summary>
    /// <param name="edit">Makes the change; true when something changed.</param>
    /// <param name="what">What is changed, for the user.</param>
    /// <returns>False when the machine cannot be changed here.</returns>
    public bool TryEdit(Func<MiniKernel, bool> edit, string what)
    {
        if (!journey.IsAtInstruction || journey.Here.Step != journey.Now.Start || Last is { IsGone: true })
        {
            console.Say($"{what} was not written: T {journey.Show(journey.Here)} is inside of an instruction; a write needs a point between two (try: stepi)");
            return false;
        }

        ulong time = journey.Here.Time;
        bool isNew = journey.Course.Newest.Begin.Time != time || journey.Course.Branches == 0;
        if (!journey.Look(edit))
        {
            return true;
        }

        journey.Course.Branch(time);
        journey.Seek(time);
        Seen.Forget();
        if (isNew)
        {
            console.Say($"{what} was written: another future begins at T {time}, and what came behind is forgotten");
        }

        return true;
    }
}
