namespace MmuEmu.Kernel.Abi;

/// <summary>An errno and the rule that gave it; <see cref="None"/> when nothing was refused.</summary>
/// <param name="Errno">What the caller gets.</param>
/// <param name="Cause">Why, for whoever looks on.</param>
internal readonly record struct Refusal(Errno Errno, ErrnoCause Cause = ErrnoCause.None)
{
    /// <summary>Nothing was refused.</summary>
    public static Refusal None => default;

    /// <summary>An errno that needs no further word.</summary>
    public static implicit operator Refusal(Errno errno) => new(errno);
}
