using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Why there is nothing to run, in words.</summary>
internal static class BootText
{
    /// <summary>One sentence: what was found, and what was expected.</summary>
    public static string Of(BootFailure failure) => failure.Kind switch
    {
        BootFailureKind.ProgramNotFound => $"{failure.Name}: {Absence(failure.Errno)}",
        BootFailureKind.ProgramRefused when failure.Errno == Errno.E2BIG => $"{failure.Name}: arguments and environment are longer than {failure.Bytes} bytes",
        BootFailureKind.ProgramRefused => $"{failure.Name}: {ElfText.Of(failure.Elf, failure.Found, failure.Interpreter)}",
        BootFailureKind.BadRam when failure.Errno == Errno.ENOMEM => $"The host refuses {failure.Bytes} bytes of address space for guest RAM.",
        BootFailureKind.BadRam => $"RAM is {failure.Bytes} bytes; a multiple of 4096 from 1 MiB to 64 GiB is needed",
        BootFailureKind.RamTooSmall => $"{failure.Name}: it does not fit into {failure.Bytes} bytes of RAM",
        BootFailureKind.BadSwap => $"swap is {failure.Bytes} bytes; a multiple of 4096 is needed",
        BootFailureKind.NumberClaimedTwice => $"{failure.Claims[0]} and {failure.Claims[1]} both claim the number {failure.Found[0]}; one run can have only one of them",
        BootFailureKind.UnknownPreset => $"no processor is called '{failure.Name}'",
    };

    private static string Absence(Errno errno) => errno switch
    {
        Errno.EISDIR => "it is a directory",
        Errno.ENOENT => "there is no such file, or it cannot be read",
        _ => "it cannot be read",
    };
}
