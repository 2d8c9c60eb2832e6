using System.Diagnostics.CodeAnalysis;

namespace MmuEmu.Kernel.Boot;

/// <summary>Makes a machine with a program loaded, ready to run.</summary>
public static class KernelBuilder
{
    /// <summary>Builds machine and kernel, and loads the program as process 1.</summary>
    /// <param name="options">All that the run depends on.</param>
    /// <param name="kernel">Out: the kernel, when the result is true; dispose it.</param>
    /// <param name="failure">Out: why not, when the result is false.</param>
    public static bool TryBuild(
        KernelOptions options, [NotNullWhen(true)] out MiniKernel? kernel, [NotNullWhen(false)] out BootFailure? failure)
    {
        kernel = null;
        failure = new BootFailure(BootFailureKind.ProgramRefused, $"{options.Program}: this build cannot load programs.");
        return false;
    }
}
