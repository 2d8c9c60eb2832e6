namespace MmuEmu.Perf.Measure;

/// <summary>qemu-user, the emulator that is run side by side.</summary>
internal static class Qemu
{
    /// <summary>What to say where it is absent.</summary>
    public const string HowToInstall = "no qemu-x86_64 here: apt-get install qemu-user";

    /// <summary>Its path; null when it is not installed.</summary>
    public static string? Path { get; } = Find();

    public static string Describe() =>
        Path is null ? HowToInstall : HostProcess.FirstLine(Path, "--version") ?? Path;

    private static string? Find()
    {
        string folders = Environment.GetEnvironmentVariable("PATH") ?? "";
        return folders.Split(':').Select(folder => System.IO.Path.Combine(folder, "qemu-x86_64")).FirstOrDefault(File.Exists);
    }
}
