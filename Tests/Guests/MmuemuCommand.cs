namespace MmuEmu.Tests.Guests;

/// <summary>The <c>mmuemu</c> command in a process of its own, as it was built together with these tests.</summary>
internal static class MmuemuCommand
{
    public static Task<HostRun> Run(params string[] arguments) =>
        HostProcess.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "mmuemu.dll"), .. arguments]);
}
