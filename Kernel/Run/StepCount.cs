using System.Runtime.CompilerServices;

namespace MmuEmu.Kernel.Run;

/// <summary>How many steps of the run are over that began at the same T: most often none, as user code runs in between.</summary>
internal struct StepCount
{
    private ulong _time;

    /// <summary>Steps over that began at the T last gone to.</summary>
    public uint Steps { get; private set; }

    /// <summary>T and the steps over that began at it, when T is <paramref name="now"/>.</summary>
    public readonly (ulong Time, uint Step) At(ulong now) => (now, now == _time ? Steps : 0);

    /// <summary>T is <paramref name="now"/>, which is not less than before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GoTo(ulong now)
    {
        if (now != _time)
        {
            (_time, Steps) = (now, 0);
        }
    }

    /// <summary>A step begins.</summary>
    public void Begin() => Steps++;
}
