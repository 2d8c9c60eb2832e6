using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Native;

/// <summary>The command as <c>dotnet publish</c> compiles it to machine code.</summary>
internal static class NativeProgram
{
    /// <summary>What a test says that cannot do without it.</summary>
    public const string HowToGet = "needs the native program, made from these sources (with gcc or clang): dotnet publish Debugger -c Release";

    /// <summary>Its file; null when it was not published, or before a source changed.</summary>
    public static string? File { get; } = Find("native");

    /// <summary>The same for another platform, such as <c>linux-arm64</c>.</summary>
    public static string? For(string platform) => Find($"native-{platform}");

    private static string? Find(string pivot)
    {
        string file = Path.Combine(SourceTree.Root, "artifacts", "publish", "MmuEmu.Debugger", pivot, "mmuemu");
        return BuiltFile.IsFresh(file) ? file : null;
    }
}
