using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Travel;

/// <summary>Bytes of RAM, compared from one instruction to the next.</summary>
internal sealed class RamWatch(WatchGoal goal, Stage stage)
{
    private readonly byte[] _before = new byte[goal.Length];
    private PhysAddr? _where;
    private bool _known;

    /// <summary>What is watched for.</summary>
    public WatchGoal Goal => goal;

    /// <summary>Where the bytes lie may have changed.</summary>
    public void Locate()
    {
        PhysAddr? now = goal.Bytes(stage.Kernel);
        if (now != _where)
        {
            (_where, _known) = (now, false);
        }
    }

    /// <summary>True when they are not what they were when it was asked before.</summary>
    public bool HasChanged(PhysicalMemory ram)
    {
        if (_where is not { } start)
        {
            return false;
        }

        ReadOnlySpan<byte> now = ram.Slice(start, _before.Length);
        bool changed = _known && !now.SequenceEqual(_before);
        if (changed || !_known)
        {
            now.CopyTo(_before);
            _known = true;
        }

        return changed;
    }
}
