using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger;

/// <summary>The command line as it was given: .NET reads it as UTF-8 and loses what is none.</summary>
internal static class RawArguments
{
    private const string OwnCommandLine = "/proc/self/cmdline";

    /// <summary>The same arguments; those that lost bytes are read anew, as <see cref="GuestText"/> writes them, where the host has them.</summary>
    public static string[] Of(string[] args)
    {
        if (!OperatingSystem.IsLinux() || !Array.Exists(args, arg => arg.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            return args;
        }

        try
        {
            List<string> words = [];
            ReadOnlySpan<byte> rest = File.ReadAllBytes(OwnCommandLine);
            while (rest.IndexOf((byte)0) is var end and >= 0)
            {
                words.Add(GuestText.Of(rest[..end]));
                rest = rest[(end + 1)..];
            }

            return words.Count >= args.Length ? [.. words.Skip(words.Count - args.Length)] : args;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return args;
        }
    }
}
