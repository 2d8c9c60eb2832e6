using System.CommandLine;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Debugger.Options;

/// <summary>The physical-address width, everywhere with the same default: that of every model.</summary>
internal static class MaxPhyAddrOption
{
    private const int Least = 36;
    private const int Most = 52;

    /// <summary>The default.</summary>
    public static byte Usual => CpuModels.Default.PhysicalBits;

    /// <summary>A new <c>--maxphyaddr</c> option.</summary>
    public static Option<int> Make() => new("--maxphyaddr")
    {
        HelpName = "N",
        Description = $"Physical-address width, {Least} to {Most}.",
        DefaultValueFactory = _ => Usual,
    };

    /// <summary>The width that was asked for.</summary>
    /// <exception cref="CommandException">No processor has it.</exception>
    public static byte Parse(int bits) =>
        bits is >= Least and <= Most
            ? (byte)bits
            : throw new CommandException(ExitCodes.Usage, $"--maxphyaddr {bits}: expected {Least} to {Most}", "try: --maxphyaddr 46");
}
