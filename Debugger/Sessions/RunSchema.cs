using System.Reflection;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What reports of runs are called, and who writes them.</summary>
internal static class RunSchema
{
    /// <summary>The number of the schema: it grows when a member changes its meaning or a new one is needed to repeat a run.</summary>
    public const int Number = 2;

    /// <summary>What stands before the number.</summary>
    public const string Prefix = "mmuemu.run/";

    /// <summary>Its name, the first member of a report.</summary>
    public static string Name { get; } = $"{Prefix}{Number}";

    /// <summary>The version of the program, without the commit that it was built from.</summary>
    public static string Version { get; } =
        (typeof(RunSchema).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+')[0];
}
