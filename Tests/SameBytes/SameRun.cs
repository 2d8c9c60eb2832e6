using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MmuEmu.Tests.Debugger;

namespace MmuEmu.Tests.SameBytes;

/// <summary>A run whose every byte is known: a program that ships, a processor, and how many of it.</summary>
/// <param name="Guest">The program and its arguments.</param>
/// <param name="Cpu">The value of <c>--cpu</c>.</param>
/// <param name="Cpus">The value of <c>--cpus</c>.</param>
public sealed record SameRun(string Guest, string Cpu, int Cpus)
{
    /// <summary>Processors by the text that a user types.</summary>
    public static IReadOnlyList<string> CpuTexts { get; } = ["v3", "v3,vendor=intel"];

    /// <summary>
    /// Ten programs: two libraries, volatile memory, threads that race, signals with vector state, doubles, 256-bit vectors,
    /// page faults, fork, and sockets, pipes and shared memory between processes.
    /// </summary>
    public static IReadOnlyList<string> Guests { get; } =
    [
        "hello", "hello-glibc", "vrange-recover", "lost-update", "xstate-signals", "nbody 200", "pixels-avx2 1", "page-touch", "cow-fork", "sockets",
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<SameRun> All =>
        from guest in Guests from cpu in CpuTexts from cpus in (int[])[1, 4] select new SameRun(guest, cpu, cpus);

    /// <summary>The command line of the JSON document, which holds the counters too.</summary>
    public string[] JsonArguments => ["run", "--json", .. Arguments];

    /// <summary>Of the document all is held but the version of the program, which is to change.</summary>
    private static readonly Regex Version = new("\n  \"version\": \"[^\"]*\",");

    private string[] Arguments => ["--stats", "--cpu", Cpu, "--cpus", $"{Cpus}", .. Guest.Split(' ')];

    /// <summary>The JSON document, made in this process.</summary>
    public string Json() => CommandHarness.Run(JsonArguments).Out;

    /// <summary>One line: what it is, and SHA-256 of the JSON document, of the counters as text, and of RAM at the end.</summary>
    public string Line()
    {
        string json = Json();
        string stats = CommandHarness.Run(["run", .. Arguments]).Error;
        stats.ShouldContain("Every cycle has one owner");
        string ram = JsonDocument.Parse(json).RootElement.GetProperty("ramSha256").GetString()!;
        return $"{Cpu} x{Cpus} {Guest}: json {Hash(Version.Replace(json, ""))} counters {Hash(stats)} ram {ram}";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
