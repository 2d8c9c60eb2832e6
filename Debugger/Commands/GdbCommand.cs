using System.CommandLine;
using System.Runtime.InteropServices;
using MmuEmu.Debugger.Gdb;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu gdb</c>: serves a guest or a recording to gdb.</summary>
internal static class GdbCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Option<string?> listen = new("--listen")
        {
            HelpName = "ADDRESS",
            Description = "Where to listen: 127.0.0.1:1234 when nothing is said; port 0 takes one that is free. Only a HOST that is typed lets others than this machine come.",
        };
        Option<bool> stdio = new("--stdio")
        {
            Description = "Talk over standard input and output, for gdb's 'target remote | mmuemu gdb --stdio GUEST'; the guest's output goes to gdb.",
        };
        Command command = new("gdb", "Serves a guest or a recording to gdb or lldb, in both directions of time. Options end at GUEST: what follows is the guest's.") { listen, stdio };
        RunFlags flags = new();
        flags.AddTo(command);
        flags.Guest.HelpName = "GUEST|RECORDING";
        flags.Guest.Description = "An x86-64 ELF file, static or dynamic, or the name of a program that ships, with the guest's arguments; or a recording that run --record wrote.";
        command.SetAction(parsed =>
        {
            ListenWord where = parsed.GetValue(listen) is { } text ? ListenWord.Of(text) : ListenWord.Default;
            return parsed.GetValue(stdio) && parsed.GetValue(listen) is not null
                ? throw new CommandException(ExitCodes.Usage, "--listen beside --stdio: expected one of them", "try: mmuemu gdb --stdio GUEST")
                : Serve(parsed, flags, parsed.GetValue(stdio) ? null : where, output);
        });
        return command;
    }

    private static int Serve(ParseResult parsed, RunFlags flags, ListenWord? where, Output output)
    {
        if (parsed.GetValue(flags.Timeout) is not null)
        {
            throw new CommandException(ExitCodes.Usage, $"{flags.Timeout.Name} with gdb: expected it with a run or a script, which end; here gdb ends the session", "try: mmuemu debug -x SCRIPT --timeout 60 GUEST");
        }

        GdbConsole console = new(output.Say, isShared: where is null);
        GuestStreams streams = where is null ? new GuestStreams(console.Stream(), console.Stream(), console.Stream()) : output.Guest;
        using TravelSession session = TravelTarget.Open(parsed, flags, new TimelineRules(), streams, output.Say);
        KernelOptions options = session.Plan.Options;
        using MonitorSession monitor = new(session.Journey, new WhyStyle(new SoftPteFormat(options.Profile), Paint.None, options.Pressure, options.Cpu));
        using PacketDesk desk = new(session.Journey, console, monitor.Execute, session.Trouble, () => monitor.Focus?.Address);
        if (where is null)
        {
            // Ctrl-C is typed at gdb, which says it with a packet; the whole group of processes hears it besides.
            using PosixSignalRegistration deaf = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
            using GdbLink link = new(Console.OpenStandardInput(), Console.OpenStandardOutput(), desk);
            link.Talk();
            return ExitCodes.Ok;
        }

        using GdbServer server = GdbServer.Listen(where, desk, output.Say);
        if (where.IsOpen)
        {
            output.Say($"whoever reaches {where.Address} port {server.Port} can read and change this run; nobody asks who it is");
        }

        output.Say($"gdb is waited for; type: gdb -ex 'target remote {(where.IsOpen ? where.Address : "")}:{server.Port}'");
        server.Serve();
        return ExitCodes.Ok;
    }
}
