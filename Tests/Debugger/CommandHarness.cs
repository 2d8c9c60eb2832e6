using MmuEmu.Debugger;

namespace MmuEmu.Tests.Debugger;

/// <summary>Runs one command line in this process and keeps what it writes.</summary>
public static class CommandHarness
{
    public static CommandResult Run(params string[] args)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        int status = Program.Run(args, Output.To(output, error));
        return new CommandResult(status, output.ToString(), error.ToString());
    }
}

/// <summary>What a command left behind.</summary>
public sealed record CommandResult(int Status, string Out, string Error);
