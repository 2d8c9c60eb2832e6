using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Signals;

/// <summary>A thread's alternate signal stack.</summary>
/// <param name="Start">ss_sp.</param>
/// <param name="SizeBytes">ss_size; 0 when there is none.</param>
/// <param name="Flags">ss_flags as it was set: mode and <see cref="AutoDisarm"/>.</param>
internal readonly record struct AltStack(VirtAddr Start, ulong SizeBytes, int Flags)
{
    /// <summary>MINSIGSTKSZ of x86-64.</summary>
    public const ulong MinBytes = 2048;

    /// <summary>SS_ONSTACK: the thread runs on it.</summary>
    public const int OnStack = 1;

    /// <summary>SS_DISABLE: there is none.</summary>
    public const int Disable = 2;

    /// <summary>SS_AUTODISARM: there is none while a handler runs, until that returns.</summary>
    public const int AutoDisarm = unchecked((int)0x8000_0000);

    /// <summary>No alternate stack.</summary>
    public static AltStack None => new(default, 0, Disable);

    /// <summary>True when it goes away as a handler is entered.</summary>
    public bool IsDisarmed => (Flags & AutoDisarm) != 0;

    /// <summary>True when <paramref name="stackPointer"/> lies on it: above its start, up to its end.</summary>
    public bool Holds(ulong stackPointer) => stackPointer > Start.Raw && stackPointer - Start.Raw <= SizeBytes;

    /// <summary>True when the thread with <paramref name="stackPointer"/> runs on it; of one that is disarmed nobody can tell.</summary>
    public bool IsInUse(ulong stackPointer) => !IsDisarmed && SizeBytes != 0 && Holds(stackPointer);

    /// <summary>The mode of ss_flags as sigaltstack tells it.</summary>
    public int ModeAt(ulong stackPointer)
    {
        if (SizeBytes == 0)
        {
            return Disable;
        }

        return IsInUse(stackPointer) ? OnStack : 0;
    }
}
