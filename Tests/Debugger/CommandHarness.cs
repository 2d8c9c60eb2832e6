using MmuEmu.Debugger;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.Debugger;

/// <summary>Runs one command line in this process and keeps what it writes; the native program, where there is one, has to do the same.</summary>
public static class CommandHarness
{
    public static CommandResult Run(params string[] args)
    {
        CommandResult result = RunHere(args);
        NativeTwin.Agrees(result, args);
        return result;
    }

    /// <summary>The same in this process alone, for what no two runs do alike.</summary>
    public static CommandResult RunHere(params string[] args)
    {
        BytesOutput guestOut = new();
        BytesOutput guestError = new();
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        int status = Program.Run(args, Output.To(output, error, new GuestStreams(new BytesInput(default), guestOut, guestError)));
        return new CommandResult(status, output.ToString(), error.ToString(), guestOut.Text, guestError.Text);
    }
}

/// <summary>What a command left behind.</summary>
/// <param name="Status">The exit status.</param>
/// <param name="Out">The command's standard output.</param>
/// <param name="Error">The command's standard error.</param>
/// <param name="GuestOut">What the guest wrote to its standard output.</param>
/// <param name="GuestError">What the guest wrote to its standard error.</param>
public sealed record CommandResult(int Status, string Out, string Error, string GuestOut, string GuestError);
