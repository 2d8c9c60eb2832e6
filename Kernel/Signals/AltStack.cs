using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Signals;

/// <summary>A thread's alternate signal stack.</summary>
/// <param name="Start">ss_sp.</param>
/// <param name="SizeBytes">ss_size; 0 when there is none.</param>
internal readonly record struct AltStack(VirtAddr Start, ulong SizeBytes)
{
    /// <summary>MINSIGSTKSZ of x86-64.</summary>
    public const ulong MinBytes = 2048;

    /// <summary>SS_ONSTACK: the thread runs on it.</summary>
    public const int OnStack = 1;

    /// <summary>SS_DISABLE: there is none.</summary>
    public const int Disable = 2;

    /// <summary>True when <paramref name="stackPointer"/> lies on it: above its start, up to its end.</summary>
    public bool Holds(ulong stackPointer) => stackPointer > Start.Raw && stackPointer - Start.Raw <= SizeBytes;

    /// <summary>ss_flags as sigaltstack tells them.</summary>
    public int FlagsAt(ulong stackPointer)
    {
        if (SizeBytes == 0)
        {
            return Disable;
        }

        return Holds(stackPointer) ? OnStack : 0;
    }
}
