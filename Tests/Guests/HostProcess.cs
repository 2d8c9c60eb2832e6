using System.Diagnostics;
using System.Text;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Guests;

/// <summary>How a program ended: 0 to 255, or 128 + signal; and what it printed.</summary>
internal readonly record struct HostRun(int ExitCode, string Output, string Errors);

/// <summary>Where a program of the host runs.</summary>
/// <param name="Folder">Its working directory.</param>
internal sealed record HostPlace(string Folder)
{
    /// <summary>Variables of its environment that differ from ours.</summary>
    public IReadOnlyList<(string Name, string Value)> Variables { get; init; } = [];
}

/// <summary>Runs a program of the host to its end, with nothing on its standard input.</summary>
internal static class HostProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>True when <paramref name="program"/> is found along PATH.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs <paramref name="program"/> and waits for it; kills it, and fails, when it takes minutes.</summary>
    public static Task<HostRun> Run(string program, params string[] arguments) => Run(new HostPlace(SourceTree.Root), program, arguments);

    /// <summary>The same in a place of the caller's choice.</summary>
    public static async Task<HostRun> Run(HostPlace place, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            WorkingDirectory = place.Folder,
        };
        foreach ((string name, string value) in place.Variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenSource patience = new(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new HostRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
