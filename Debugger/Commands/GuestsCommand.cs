using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Guests;
using Spectre.Console;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu guests</c>: the programs that ship.</summary>
internal static class GuestsCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Argument<string?> name = new("NAME")
        {
            HelpName = "NAME",
            Description = "Tell more about one program.",
            Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { ValueWords.OneOf(() => GuestChoice.Words).Complete },
        };
        Command command = new("guests", "Lists the programs that ship.") { name };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } chosen)
            {
                Tell(chosen, output);
            }
            else
            {
                List(output);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void List(Output output)
    {
        IAnsiConsole console = output.OutPaint.ConsoleOn(output.Out, output.OutWidth);
        int width = GuestCatalogue.Programs.Max(p => p.Name.Length);
        foreach (IGrouping<GuestKind, GuestProgram> kind in GuestCatalogue.Programs.GroupBy(p => p.Kind))
        {
            output.Out.WriteLine(TitleOf(kind.Key));
            foreach (GuestProgram program in kind)
            {
                console.Write(new Markup($"  [bold]{program.Name.EscapeMarkup().PadRight(width)}[/]  {program.Summary.EscapeMarkup()}"));
                output.Out.WriteLine();
            }
        }

        output.Out.WriteLine("Try: mmuemu guests vrange-recover");
    }

    private static string TitleOf(GuestKind kind) => kind switch
    {
        GuestKind.Lesson => "Lessons:",
        GuestKind.Wrong => "Wrong on purpose:",
        GuestKind.Library => "The C library at work:",
        GuestKind.Speed => "For measuring speed:",
    };

    private static void Tell(string name, Output output)
    {
        if (!GuestCatalogue.TryFind(name, out GuestProgram? program))
        {
            throw new CommandException(ExitCodes.Usage, $"no program named '{name}' ships with mmuemu", "try: mmuemu guests");
        }

        output.Out.WriteLine($"{program.Name}: {program.Summary}");
        output.Out.WriteLine($"  watch   {program.Watch}");
        output.Out.WriteLine($"  run     {program.CommandLine}");
        output.Out.WriteLine($"  source  Guests/src/{program.Source}.c");
        output.Out.WriteLine($"  status  {program.ExitCode}");
    }
}
