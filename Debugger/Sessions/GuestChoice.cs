using MmuEmu.Guests;

namespace MmuEmu.Debugger.Sessions;

/// <summary>The program that a user's word stands for.</summary>
/// <param name="File">Its file on the host, as an absolute path; with a root folder of its own the path below that.</param>
/// <param name="Shipped">Its row in the catalogue; null for a file of the user's.</param>
internal sealed record GuestChoice(string File, GuestProgram? Shipped)
{
    /// <summary>Where the guest finds it and its own name: one path for a program that ships; null for the user's file, which keeps what he typed.</summary>
    public string? GuestPath => Shipped is null ? null : GuestCatalogue.GuestFolder + Shipped.Name;

    /// <summary>The names of the programs that ship.</summary>
    public static IEnumerable<Word> Words => GuestCatalogue.Programs.Select(p => new Word(p.Name, p.Summary.TrimEnd('.')));

    /// <summary>The program that <paramref name="word"/> names: a file, or one that ships by its name or its path in the guest.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static GuestChoice Of(string word)
    {
        GuestChoice? shipped = Shipping(word);
        if (System.IO.File.Exists(word) && !(shipped is not null && IsSame(word, shipped.File)))
        {
            return new GuestChoice(Path.GetFullPath(word), null);
        }

        if (shipped is not null)
        {
            return shipped;
        }

        string what = Directory.Exists(word) ? $"'{word}' is a directory" : $"no file '{word}', and no program of that name ships";
        throw new CommandException(ExitCodes.NoGuest, $"{what}; expected an x86-64 ELF file", "try: mmuemu guests");
    }

    /// <summary>The program that ships and that <paramref name="word"/> names, by its name or its path in the guest, whatever files lie about; null for none.</summary>
    public static GuestChoice? Shipping(string word)
    {
        string name = word.StartsWith(GuestCatalogue.GuestFolder, StringComparison.Ordinal) ? word[GuestCatalogue.GuestFolder.Length..] : word;
        return GuestCatalogue.TryFindFile(name, out string? file) && GuestCatalogue.TryFind(name, out GuestProgram? program) ? new GuestChoice(file, program) : null;
    }

    /// <summary>The program that <paramref name="word"/> names below a root folder of its own: relative to that folder, whoever stands where.</summary>
    /// <exception cref="CommandException">The word names a program that ships: it sees no folder of the host.</exception>
    public static GuestChoice Below(string root, string word)
    {
        string path = Path.GetFullPath(Path.Combine("/", word));
        if (!System.IO.File.Exists(root + path) && GuestCatalogue.TryFindFile(word, out _))
        {
            throw new CommandException(ExitCodes.Usage, $"'{word}' is a program that ships; it sees no files of the host, hence no --root", $"try: mmuemu run {word}");
        }

        return new GuestChoice(path, null);
    }

    /// <summary>A copy of a program that ships, in a folder where somebody stands, is that program: the folder must not matter.</summary>
    private static bool IsSame(string file, string shipped)
    {
        try
        {
            return new FileInfo(file).Length == new FileInfo(shipped).Length
                && System.IO.File.ReadAllBytes(file).AsSpan().SequenceEqual(System.IO.File.ReadAllBytes(shipped));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
