using System.Diagnostics.CodeAnalysis;

namespace MmuEmu.Kernel.Abi;

/// <summary>A value, or the errno that explains its absence; never both.</summary>
/// <typeparam name="T">A concrete type: an interface cannot be converted implicitly.</typeparam>
internal readonly struct Result<T>
{
    private readonly T? _value;
    private readonly Errno _errno;

    private Result(T? value, Errno errno) => (_value, _errno) = (value, errno);

    /// <summary>Unpacks: true gives the value, false the errno.</summary>
    public bool Ok([MaybeNullWhen(false)] out T value, out Errno errno)
    {
        (value, errno) = (_value, _errno);
        return errno == Errno.None;
    }

    /// <summary>Success with <paramref name="value"/>.</summary>
    public static implicit operator Result<T>(T value) => new(value, Errno.None);

    /// <summary>Failure with <paramref name="errno"/>.</summary>
    public static implicit operator Result<T>(Errno errno) => new(default, errno);
}
