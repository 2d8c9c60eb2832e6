using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Memory;

namespace MmuEmu.Debugger.Travel;

/// <summary>Looks for breakpoints and changed bytes at every instruction.</summary>
internal sealed class HitProbe : IInstructionProbe
{
    private const int FilterBits = 1 << 12;
    private readonly HashSet<ulong> _addresses = [];
    private readonly ulong[] _filter = new ulong[FilterBits / 64];
    private readonly RamWatch[] _watches;
    private readonly AccessWatch[] _accesses;
    private readonly TouchReader _touches = new();
    private readonly Stage _stage;
    private readonly Action<ulong, Goal> _hit;
    private readonly PhysicalMemory _ram;
    private readonly List<BreakGoal> _breaks = [];

    /// <summary>A probe for some of <paramref name="goals"/>; <paramref name="hit"/> takes the T of each hit: of an access, that of the instruction.</summary>
    public HitProbe(IEnumerable<Goal> goals, Stage stage, Action<ulong, Goal> hit)
    {
        (_hit, _ram, _stage) = (hit, stage.Kernel.Ram, stage);
        List<Goal> all = [.. goals];
        _watches = [.. all.OfType<WatchGoal>().Select(goal => new RamWatch(goal, stage))];
        _accesses = [.. all.OfType<AccessGoal>().Select(goal => new AccessWatch(goal, stage))];
        foreach (BreakGoal goal in all.OfType<BreakGoal>())
        {
            _breaks.Add(goal);
            foreach (ulong address in goal.Addresses)
            {
                _addresses.Add(address);
                _filter[WordOf(address)] |= 1UL << (int)(address & 63);
            }
        }
    }

    /// <summary>True when there is something to look for.</summary>
    public bool IsNeeded => _addresses.Count > 0 || _watches.Length > 0 || _accesses.Length > 0;

    /// <summary>User code goes on: pages may lie elsewhere than before.</summary>
    public void Locate()
    {
        foreach (RamWatch watch in _watches)
        {
            watch.Locate();
        }

        foreach (AccessWatch access in _accesses)
        {
            access.Locate();
        }
    }

    /// <summary>Remembers what the watched bytes are now; with a T notes first what has changed until then.</summary>
    public void Compare(ulong? time)
    {
        foreach (RamWatch watch in _watches)
        {
            if (watch.HasChanged(_ram) && time is { } now)
            {
                _hit(now, watch.Goal);
            }
        }

        foreach (AccessWatch access in _accesses)
        {
            if (access.Settle(time ?? 0, 0, _stage.Kernel.Core.Vcpu[Gpr.Rcx], false) is { } touched)
            {
                _hit(touched, access.Goal);
            }
        }
    }

    /// <inheritdoc/>
    public void Before(ulong time, ulong rip, ulong rsp)
    {
        if (Seeks(rip))
        {
            Hit(time, rip);
        }

        foreach (RamWatch watch in _watches)
        {
            if (watch.HasChanged(_ram))
            {
                _hit(time, watch.Goal);
            }
        }

        if (_accesses.Length > 0)
        {
            LookAtAccesses(time, rip);
        }
    }

    /// <inheritdoc/>
    public bool Seeks(ulong rip) => (_filter[WordOf(rip)] >> (int)(rip & 63) & 1) != 0 && _addresses.Contains(rip);

    /// <inheritdoc/>
    public void Passed(ulong time, ulong rip) => Hit(time, rip);

    private void LookAtAccesses(ulong time, ulong rip)
    {
        Vcpu cpu = _stage.Kernel.Core.Vcpu;
        ref readonly Instruction instruction = ref cpu.AtWork;
        List<Touch> touches = _touches.Of(cpu, instruction);
        bool repeats = TouchReader.Repeats(instruction);
        ulong count = cpu[Gpr.Rcx];
        foreach (AccessWatch access in _accesses)
        {
            if (access.Settle(time, rip, count, repeats) is { } touched)
            {
                _hit(touched, access.Goal);
            }

            access.Look(time, rip, count, touches);
        }
    }

    private void Hit(ulong time, ulong rip)
    {
        foreach (BreakGoal goal in _breaks)
        {
            if (goal.Addresses.Contains(rip))
            {
                _hit(time, goal);
            }
        }
    }

    private static int WordOf(ulong address) => (int)((address >> 6) & ((FilterBits / 64) - 1));
}
