using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Signals;

/// <summary>The flags of sigaction.</summary>
/// <remarks>Source: [Linux include/uapi/asm-generic/signal-defs.h].</remarks>
[Flags]
internal enum ActionFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>No SIGCHLD when a child stops.</summary>
    NoChildStop = 1,

    /// <summary>Children do not become zombies.</summary>
    NoChildWait = 2,

    /// <summary>The handler takes three arguments; a frame has all of them always.</summary>
    SigInfo = 4,

    /// <summary>The restorer is given; x86-64 demands it.</summary>
    Restorer = 0x0400_0000,

    /// <summary>On the alternate stack, if there is one.</summary>
    OnStack = 0x0800_0000,

    /// <summary>An interrupted system call begins again.</summary>
    Restart = 0x1000_0000,

    /// <summary>The signal is not blocked while its handler runs.</summary>
    NoDefer = 0x4000_0000,

    /// <summary>The action is reset to the default as the handler is entered.</summary>
    ResetHandler = 0x8000_0000,
}

/// <summary>What a process wants done about a signal.</summary>
/// <param name="Handler">The handler's address, or <see cref="Default"/> or <see cref="Ignore"/>.</param>
/// <param name="Flags">Flags.</param>
/// <param name="Restorer">The code that the handler returns to.</param>
/// <param name="Mask">Signals blocked while it runs, besides itself.</param>
internal readonly record struct SignalAction(VirtAddr Handler, ActionFlags Flags, VirtAddr Restorer, SignalSet Mask)
{
    /// <summary>SIG_DFL.</summary>
    public const ulong Default = 0;

    /// <summary>SIG_IGN.</summary>
    public const ulong Ignore = 1;

    /// <summary>True when a handler is to be called.</summary>
    public bool HasHandler => Handler.Raw > Ignore;

    /// <summary>True when every bit of <paramref name="flags"/> is set.</summary>
    public bool Has(ActionFlags flags) => (Flags & flags) == flags;
}

/// <summary>What happens when nobody has said what should.</summary>
internal enum DefaultAction
{
    /// <summary>The process ends.</summary>
    Terminate,

    /// <summary>The process ends, and would leave a core file.</summary>
    Core,

    /// <summary>Nothing.</summary>
    Ignore,

    /// <summary>The process stops.</summary>
    Stop,

    /// <summary>The process goes on, if it was stopped.</summary>
    Continue,
}

/// <summary>The actions of a process, one for each signal.</summary>
internal sealed class SignalActions : IStateful
{
    private readonly SignalAction[] _actions = new SignalAction[65];

    /// <summary>The action for <paramref name="signal"/>, 1 to 64.</summary>
    public SignalAction this[Signal signal]
    {
        get => _actions[(int)signal];
        set => _actions[(int)signal] = value;
    }

    /// <summary>What the kernel does by itself about <paramref name="signal"/>.</summary>
    /// <remarks>Source: [Linux include/linux/signal.h, the table before SIG_KERNEL_ONLY_MASK].</remarks>
    public static DefaultAction DefaultOf(Signal signal) => signal switch
    {
        Signal.SIGCHLD or Signal.SIGURG or Signal.SIGWINCH => DefaultAction.Ignore,
        Signal.SIGCONT => DefaultAction.Continue,
        Signal.SIGSTOP or Signal.SIGTSTP or Signal.SIGTTIN or Signal.SIGTTOU => DefaultAction.Stop,
        Signal.SIGQUIT or Signal.SIGILL or Signal.SIGTRAP or Signal.SIGABRT or Signal.SIGFPE or Signal.SIGSEGV
            or Signal.SIGBUS or Signal.SIGSYS or Signal.SIGXCPU or Signal.SIGXFSZ => DefaultAction.Core,
        _ => DefaultAction.Terminate,
    };

    /// <summary>True when nothing at all would happen on delivery.</summary>
    public bool Ignores(Signal signal) => this[signal].Handler.Raw switch
    {
        SignalAction.Ignore => true,
        SignalAction.Default => DefaultOf(signal) == DefaultAction.Ignore,
        _ => false,
    };

    /// <summary>The child's actions after fork.</summary>
    public SignalActions Copy()
    {
        SignalActions copy = new();
        _actions.CopyTo(copy._actions, 0);
        return copy;
    }

    /// <summary>After execve: handlers become the default, what was ignored stays ignored.</summary>
    public void ResetHandlers()
    {
        for (int i = 1; i < _actions.Length; i++)
        {
            bool ignored = _actions[i].Handler.Raw == SignalAction.Ignore;
            _actions[i] = ignored ? new SignalAction(new VirtAddr(SignalAction.Ignore), ActionFlags.None, default, default) : default;
        }
    }

    object IStateful.Save(object? last) => last is SignalAction[] same && same.AsSpan().SequenceEqual(_actions) ? last : _actions.Clone();

    void IStateful.Restore(object state) => ((SignalAction[])state).CopyTo(_actions, 0);
}
