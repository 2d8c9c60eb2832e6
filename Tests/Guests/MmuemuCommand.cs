using MmuEmu.Tests.House;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.Guests;

/// <summary>
/// The <c>mmuemu</c> command in a process of its own, as it was built together with these tests; the native program, where there is
/// one, has to do the same.
/// </summary>
internal static class MmuemuCommand
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "mmuemu.dll");

    public static Task<HostRun> Run(params string[] arguments) => Run(new HostPlace(SourceTree.Root), arguments);

    public static async Task<HostRun> Run(HostPlace place, params string[] arguments)
    {
        HostRun run = await HostProcess.Run(place, "dotnet", [File, .. arguments]);
        await NativeTwin.Agrees(run, place, arguments);
        return run;
    }
}
