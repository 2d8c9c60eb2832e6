using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
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
        foreach (IGrouping<GuestSubject, GuestProgram> subject in GuestCatalogue.Programs.GroupBy(p => p.Subject).OrderBy(group => group.Key))
        {
            output.Out.WriteLine($"{GuestSubjects.TitleOf(subject.Key)}:");
            foreach (GuestProgram program in subject)
            {
                console.Write(new Markup($"  [bold]{program.Name.EscapeMarkup().PadRight(width)}[/]  {program.Summary.EscapeMarkup()}"));
                output.Out.WriteLine();
            }
        }

        output.Out.WriteLine("Try: mmuemu guests vrange-recover");
    }

    private static void Tell(string name, Output output)
    {
        if (!GuestCatalogue.TryFind(name, out GuestProgram? program))
        {
            throw new CommandException(ExitCodes.Usage, $"no program named '{name}' ships with mmuemu", "try: mmuemu guests");
        }

        foreach (string line in GuestText.Page(program))
        {
            output.Out.WriteLine(line);
        }
    }
}
