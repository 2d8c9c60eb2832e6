using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Source;

/// <summary>The debug file that lies beside a program which must not name it: <c>debug/NAME.debug</c>, which names the program by its hash.</summary>
/// <remarks>
/// The programs that ship have no build-id and no .gnu_debuglink: either would make other files of them, and recordings and expected
/// outputs know them by their bytes. So the debug file says of which program it is, in a section of its own.
/// </remarks>
internal static class OwnDebugFile
{
    /// <summary>The section with the SHA-256 of the program's file, in hexadecimal digits.</summary>
    public const string HashSection = ".mmuemu.sha256";

    private const int PieceBytes = 1 << 16;
    private const int MostHashBytes = 128;

    /// <summary>Opens the debug file of <paramref name="program"/>.</summary>
    /// <param name="program">The program.</param>
    /// <param name="stale">Out: what is wrong with the file that is there; empty when there is none, or when it belongs.</param>
    /// <returns>The file, to be disposed of; null when there is none, or when it is of another program.</returns>
    public static ElfFile? Open(ElfFile program, out string stale)
    {
        stale = "";
        string own = HostFile.Real(program.Path);
        string path = Path.Combine(Path.GetDirectoryName(own) ?? "/", "debug", $"{Path.GetFileName(own)}.debug");
        if (!HostFile.IsPlain(path) || !ElfFile.TryOpen(path, out ElfFile? file, out _))
        {
            return null;
        }

        if (file.Find(HashSection) is ElfSection { Size: <= MostHashBytes } section)
        {
            if (Encoding.ASCII.GetString(file.Bytes(section)).Trim() == HashOf(program))
            {
                return file;
            }

            stale = $"{path} is the debug file of another build of {Path.GetFileName(own)}";
        }

        file.Dispose();
        return null;
    }

    private static string HashOf(ElfFile file)
    {
        Sha256Digest hash = new();
        for (ulong at = 0; at < file.Length; at += PieceBytes)
        {
            hash.BlockUpdate(file.Bytes(at, PieceBytes));
        }

        byte[] digest = new byte[hash.GetDigestSize()];
        hash.DoFinal(digest);
        return Convert.ToHexStringLower(digest);
    }
}
