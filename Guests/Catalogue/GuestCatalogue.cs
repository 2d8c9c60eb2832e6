using System.Diagnostics.CodeAnalysis;

namespace MmuEmu.Guests;

/// <summary>The programs that ship, and where their files are.</summary>
public static class GuestCatalogue
{
    /// <summary>The folder in which a guest that runs finds itself, wherever its file lies on the host; with a slash at its end.</summary>
    public const string GuestFolder = "/guests/";

    /// <summary>All programs, in the order in which a newcomer would run them.</summary>
    public static IReadOnlyList<GuestProgram> Programs => GuestTable.Rows;

    /// <summary>The folder with the programs' files, and with their source in <c>src/</c> and <c>include/</c>: beside the running assembly, in <c>guests/</c>.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "guests");

    /// <summary>The program of that name, if it ships.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out GuestProgram? program)
    {
        program = null;
        foreach (GuestProgram candidate in Programs)
        {
            if (candidate.Name == name)
            {
                program = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>The file of the program of that name: beside the running assembly, in <c>guests/</c>.</summary>
    /// <returns>False when no such program ships, or its file is not there.</returns>
    public static bool TryFindFile(string name, [NotNullWhen(true)] out string? path)
    {
        path = TryFind(name, out _) ? Path.Combine(Folder, name) : null;
        if (path is not null && !File.Exists(path))
        {
            path = null;
        }

        return path is not null;
    }

    /// <summary>The file of the program that a guest has at <paramref name="guestPath"/>.</summary>
    /// <returns>False for a path that is not in <see cref="GuestFolder"/>, and where <see cref="TryFindFile"/> gives none.</returns>
    public static bool TryFindFileAt(string guestPath, [NotNullWhen(true)] out string? path)
    {
        path = null;
        return guestPath.StartsWith(GuestFolder, StringComparison.Ordinal) && TryFindFile(guestPath[GuestFolder.Length..], out path);
    }
}
