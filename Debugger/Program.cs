namespace MmuEmu.Debugger;

internal static class Program
{
    private static int Main() => 0;
}
