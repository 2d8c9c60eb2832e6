namespace MmuEmu.Tests.Guests;

/// <summary>The <c>mmuemu</c> command in a process of its own, as it was built together with these tests.</summary>
internal static class MmuemuCommand
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "mmuemu.dll");

    public static Task<HostRun> Run(params string[] arguments) => HostProcess.Run("dotnet", [File, .. arguments]);

    public static Task<HostRun> Run(HostPlace place, params string[] arguments) => HostProcess.Run(place, "dotnet", [File, .. arguments]);
}
