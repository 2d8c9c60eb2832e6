using System.Text.Json;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The files of the host that a run has opened, for the JSON report: what else than the command line decided how it went.</summary>
internal static class JsonFiles
{
    private const int PartBytes = 1 << 20;

    /// <summary>
    /// Writes <c>files</c>: <c>path</c>, as the guest knows it, and <c>sha256</c>, sorted by path; each file is read once, when the run is over.
    /// Nothing is written for a program that ships.
    /// </summary>
    public static void Write(Utf8JsonWriter json, RunRemains remains)
    {
        if (remains.Options.ProgramPath is not null)
        {
            return;
        }

        json.WriteStartArray("files");
        foreach ((string path, string hostPath) in remains.Files)
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteString("sha256", HashOf(hostPath));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>In lower-case hexadecimal digits; null when the file cannot be read any more.</summary>
    private static string? HashOf(string hostPath)
    {
        try
        {
            using FileStream content = File.OpenRead(hostPath);
            Sha256Digest hash = new();
            byte[] part = new byte[PartBytes];
            while (content.Read(part) is var count and > 0)
            {
                hash.BlockUpdate(part.AsSpan(0, count));
            }

            byte[] digest = new byte[hash.GetDigestSize()];
            hash.DoFinal(digest);
            return Convert.ToHexStringLower(digest);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
