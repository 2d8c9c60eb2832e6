using MmuEmu.Kernel.Abi;

namespace MmuEmu.Tests;

/// <summary>What a test says of an errno, whatever its cause.</summary>
internal static class RefusalAssertions
{
    /// <summary>Fails when the errno is another; the cause is not asked for.</summary>
    public static void ShouldBe(this Refusal actual, Errno expected, string? because = null) => actual.Errno.ShouldBe(expected, because);

    /// <summary>Fails when the errno is this one.</summary>
    public static void ShouldNotBe(this Refusal actual, Errno expected, string? because = null) => actual.Errno.ShouldNotBe(expected, because);
}
