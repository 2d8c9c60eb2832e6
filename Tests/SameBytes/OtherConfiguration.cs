using MmuEmu.Tests.House;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.SameBytes;

/// <summary>The command as the other of the two configurations builds it.</summary>
internal static class OtherConfiguration
{
    /// <summary>Debug in Release, Release in Debug.</summary>
#if DEBUG
    public const string Name = "Release";
#else
    public const string Name = "Debug";
#endif

    /// <summary>Its file; null when it is not built, or was built before a source changed.</summary>
    public static string? Command()
    {
        string folder = Path.Combine(SourceTree.Root, "artifacts", "bin", "MmuEmu.Debugger", Name.ToLowerInvariant());
        string command = Path.Combine(folder, "mmuemu.dll");
        bool built = File.Exists(command)
            && ((string[])["mmuemu.dll", "MmuEmu.Guests.dll", "MmuEmu.Kernel.dll", "MmuEmu.Emulator.dll"]).Any(name => BuiltFile.IsFresh(Path.Combine(folder, name)));
        return built ? command : null;
    }
}
