using System.CommandLine;
using MmuEmu.Debugger.Gdb;
using MmuEmu.Guests;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu gdbinit</c>: a script with commands and a window for gdb.</summary>
internal static class GdbInitCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Command command = new("gdbinit", "Prints a script for gdb: the commands walk, why, pte, vma, pageframe, last, seek, ptregs, physical, and a window with the page walk.");
        command.SetAction(_ =>
        {
            output.Out.WriteLine(GdbInitScript.Text);
            if (Directory.Exists(Path.Combine(GuestCatalogue.Folder, "src")))
            {
                output.Out.WriteLine(GdbInitScript.SourceIn(GuestCatalogue.Folder));
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
