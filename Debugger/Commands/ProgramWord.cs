using System.CommandLine;
using MmuEmu.Debugger.Recordings;

namespace MmuEmu.Debugger.Commands;

/// <summary>The guest of a command that runs programs, and no recordings.</summary>
internal static class ProgramWord
{
    /// <summary>Refuses a recording with the commands that take one.</summary>
    /// <exception cref="CommandException">It is one.</exception>
    public static void Demand(string? word)
    {
        if (word is not null && RecordingFile.IsRecording(word))
        {
            throw new CommandException(
                ExitCodes.NoGuest, $"'{word}' is a recording: expected an x86-64 ELF file, or the name of a program that ships", $"try: mmuemu debug {word}; mmuemu run --from {word} plays it");
        }
    }

    /// <summary>The same of a guest with its arguments.</summary>
    public static void Demand(ParseResult parsed, Argument<string[]> guest) => Demand(parsed.GetValue(guest)?.FirstOrDefault());
}
