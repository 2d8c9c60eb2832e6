namespace MmuEmu.Kernel.Abi;

/// <summary>What a system call leaves in RAX: a value, or minus an errno.</summary>
/// <param name="Rax">The whole register; -4095 to -1 are errors, all else is success.</param>
/// <remarks>Source: [x86-64 psABI, "Linux Conventions"].</remarks>
public readonly record struct SysResult(long Rax)
{
    /// <summary>Success without a value: 0.</summary>
    public static SysResult Ok => new(0);

    /// <summary>The errno, or <see cref="Errno.None"/> on success.</summary>
    public Errno Errno => Rax is >= -4095 and < 0 ? (Errno)(int)-Rax : Errno.None;

    /// <summary>True when the call succeeded.</summary>
    public bool IsOk => Errno == Errno.None;

    /// <summary>Which rule gave the errno; for brk, which has none, which rule left the break where it was.</summary>
    /// <remarks>The guest cannot see it, so results that differ in it alone are equal.</remarks>
    public ErrnoCause Cause { get; init; }

    /// <summary>Success with <paramref name="value"/>, which is an address or a byte count.</summary>
    public static SysResult Of(ulong value) => new(unchecked((long)value));

    /// <summary>Equal when the guest sees the same.</summary>
    public bool Equals(SysResult other) => Rax == other.Rax;

    /// <inheritdoc/>
    public override int GetHashCode() => Rax.GetHashCode();

    /// <summary>Lets a handler write <c>return Errno.EINVAL;</c>.</summary>
    public static implicit operator SysResult(Errno errno) => new(-(long)errno);

    /// <summary>The errno, its cause with it.</summary>
    internal static SysResult Of(in Refusal refusal) => new(-(long)refusal.Errno) { Cause = refusal.Cause };
}
