using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Sessions;

/// <summary>SHA-256 of files of the host.</summary>
internal static class FileHash
{
    private const int PartBytes = 1 << 20;

    /// <summary>In lower-case hexadecimal digits; null when the file cannot be read.</summary>
    public static string? Of(string hostPath)
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

            return TextOf(hash);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The digest of what <paramref name="hash"/> was given, which is empty then.</summary>
    public static string TextOf(Sha256Digest hash)
    {
        byte[] digest = new byte[hash.GetDigestSize()];
        hash.DoFinal(digest);
        return Convert.ToHexStringLower(digest);
    }
}
