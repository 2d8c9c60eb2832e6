using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Native;

/// <summary>Files that a command of the user's makes from the sources, and not the build of the tests.</summary>
internal static class BuiltFile
{
    private static readonly Lazy<DateTime> Youngest = new(() =>
        SourceTree.CSharp("Emulator", "Kernel", "Guests", "Debugger").Max(System.IO.File.GetLastWriteTimeUtc));

    /// <summary>True when it is there and younger than every source.</summary>
    public static bool IsFresh(string file) => System.IO.File.Exists(file) && System.IO.File.GetLastWriteTimeUtc(file) >= Youngest.Value;
}
