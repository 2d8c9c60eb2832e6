using System.Diagnostics;
using System.Text;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Guests;

/// <summary>How a program ended: 0 to 255, or 128 + signal; and what it printed.</summary>
internal readonly record struct HostRun(int ExitCode, string Output, string Errors);

/// <summary>Runs a program of the host to its end, with nothing on its standard input.</summary>
internal static class HostProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>True when <paramref name="program"/> is found along PATH.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs <paramref name="program"/> and waits for it; kills it, and fails, when it takes minutes.</summary>
    public static async Task<HostRun> Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            WorkingDirectory = SourceTree.Root,
        };
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
