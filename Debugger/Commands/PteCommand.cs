using System.CommandLine;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu pte</c>: entries without a guest.</summary>
internal static class PteCommand
{
    /// <summary>The command and its verbs.</summary>
    public static Command Make(Output output) => new("pte", "Reads, makes and explains paging-structure entries.")
    {
        PteDecodeCommand.Make(output),
        PteEncodeCommand.Make(output),
        PteExplainCommand.Make(output),
        PteMatrixCommand.Make(output),
        PteCheckCommand.Make(output),
    };
}
