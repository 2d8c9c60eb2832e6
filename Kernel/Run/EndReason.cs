namespace MmuEmu.Kernel.Run;

/// <summary>Why a run stopped.</summary>
public enum EndReason
{
    /// <summary>It has not ended: the point that was asked for is reached.</summary>
    Paused,

    /// <summary>It has not ended: somebody outside asked it to pause.</summary>
    Interrupted,

    /// <summary>The first process called exit, and no other lives.</summary>
    Exited,

    /// <summary>A signal killed the first process.</summary>
    Killed,

    /// <summary>The out-of-memory killer took the first process.</summary>
    OutOfMemory,

    /// <summary>The instruction limit is spent.</summary>
    LimitReached,

    /// <summary>Every process waits for something that cannot come.</summary>
    Deadlock,

    /// <summary>The guest met an instruction that exists but is not implemented, and died of it.</summary>
    UnsupportedInstruction,

    /// <summary>A fault came at another address than mmuemu_expect_fault claimed, or none came.</summary>
    ExpectationFailed,
}
