using System.Diagnostics.CodeAnalysis;

namespace MmuEmu.Kernel.Abi;

/// <summary>A value, or the errno that explains its absence; never both.</summary>
/// <typeparam name="T">A concrete type: an interface cannot be converted implicitly.</typeparam>
internal readonly struct Result<T>
{
    private readonly T? _value;
    private readonly Refusal _refusal;

    private Result(T? value, Refusal refusal) => (_value, _refusal) = (value, refusal);

    /// <summary>Unpacks: true gives the value, false the errno.</summary>
    public bool Ok([MaybeNullWhen(false)] out T value, out Errno errno)
    {
        (value, errno) = (_value, _refusal.Errno);
        return errno == Errno.None;
    }

    /// <summary>Unpacks: true gives the value, false the errno with its cause.</summary>
    public bool Has([MaybeNullWhen(false)] out T value, out Refusal refusal)
    {
        (value, refusal) = (_value, _refusal);
        return refusal == Refusal.None;
    }

    /// <summary>Success with <paramref name="value"/>.</summary>
    public static implicit operator Result<T>(T value) => new(value, Refusal.None);

    /// <summary>Failure with <paramref name="errno"/>.</summary>
    public static implicit operator Result<T>(Errno errno) => new(default, errno);

    /// <summary>Failure with an errno and its cause.</summary>
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}
