using MmuEmu.Debugger.Options;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A guest that is loaded and runs.</summary>
internal static class GuestSession
{
    /// <summary>Builds the machine and loads the guest.</summary>
    /// <exception cref="CommandException">The guest or the machine is refused.</exception>
    public static MiniKernel Start(KernelOptions options)
    {
        if (KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure))
        {
            return kernel;
        }

        string why = BootText.Of(failure);
        throw failure.Kind switch
        {
            BootFailureKind.ProgramRefused when failure.Interpreter is not null =>
                new CommandException(ExitCodes.NoGuest, why, "try: --root DIR, a folder with the files of the system that GUEST is of; or link it with -static"),
            BootFailureKind.ProgramNotFound when options.HasOwnRoot =>
                new CommandException(ExitCodes.NoGuest, why, $"try: ls {options.HostRoot}{options.Program}; GUEST is a path below --root"),
            BootFailureKind.ProgramNotFound or BootFailureKind.ProgramRefused => new CommandException(ExitCodes.NoGuest, why, "try: file GUEST; or mmuemu guests"),
            BootFailureKind.RamTooSmall => new CommandException(ExitCodes.Usage, why, $"try: --ram {ByteCount.Show(options.RamBytes * 2)}"),
            BootFailureKind.BadRam => new CommandException(ExitCodes.Usage, why, "try: --ram 1G"),
            BootFailureKind.BadSwap => new CommandException(ExitCodes.Usage, why, "try: --swap 16M"),
            BootFailureKind.NumberClaimedTwice => new CommandException(ExitCodes.Usage, why, "try: name one of them with --profile, without --abi proposals"),
            BootFailureKind.UnknownPreset => new CommandException(ExitCodes.Usage, why, "try: --preset zen5"),
        };
    }
}
