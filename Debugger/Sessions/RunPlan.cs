using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Guests;
using MmuEmu.Kernel.Boot;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Turns a command line into the options of a run, or refuses it with one clear message.</summary>
internal static class RunPlan
{
    private static readonly (string Name, TlbMode Mode)[] TlbModes =
        [("nocache", TlbMode.NoCache), ("preset", TlbMode.Preset), ("maxstale", TlbMode.MaxStale)];

    private const ulong DefaultSeed = 1;

    /// <summary>The options that <paramref name="parsed"/> asks for; streams and trace are the caller's to add.</summary>
    /// <exception cref="CommandException">Something is not understood.</exception>
    public static KernelOptions Of(ParseResult parsed, RunFlags flags) =>
        Of(parsed, flags, parsed.GetValue(flags.Guest) ?? []);

    /// <summary>The same with the guest and its arguments given.</summary>
    /// <exception cref="CommandException">Something is not understood.</exception>
    public static KernelOptions Of(ParseResult parsed, RunFlags flags, IReadOnlyList<string> words)
    {
        CpuModel cpu = CpuOf(parsed.GetValue(flags.Cpu)!);
        MachinePreset preset = parsed.GetValue(flags.Preset) is { } asked ? PresetOf(asked) : CpuPresets.DefaultOf(cpu.Vendor);
        return new KernelOptions
        {
            Program = FileOf(words[0]),
            Arguments = words,
            Environment = EnvironmentOf(parsed.GetValue(flags.Env)!),
            RamBytes = RamOf(parsed.GetValue(flags.Ram)!),
            SwapBytes = SwapOf(parsed.GetValue(flags.Swap)!),
            Profile = ProfileText.Parse(parsed.GetValue(flags.Profile)),
            Cpus = CpusOf(parsed.GetValue(flags.Cpus)),
            Quantum = QuantumOf(parsed.GetValue(flags.Quantum)),
            Seed = parsed.GetValue(flags.Seed) ?? DefaultSeed,
            Interleaving = parsed.GetValue(flags.Seed) is null ? Interleaving.RoundRobin : Interleaving.Seeded,
            MaxInstructions = parsed.GetValue(flags.MaxInsns) ?? ulong.MaxValue,
            Preset = preset.Name,
            Cpu = cpu,
            Mmu = new MmuOptions { TlbMode = TlbModeOf(parsed.GetValue(flags.Tlb)!), Geometry = preset.Tlb },
            Pressure = [.. parsed.GetValue(flags.Pressure)!.Select(PressureOf)],
            WorkingDirectory = Environment.CurrentDirectory,
        };
    }

    /// <summary>The processor model that <paramref name="text"/> names.</summary>
    /// <exception cref="CommandException">It names none.</exception>
    public static CpuModel CpuOf(string text) =>
        CpuModelText.TryParse(text, out CpuModel? model, out string? problem)
            ? model
            : throw new CommandException(ExitCodes.Usage, $"--cpu {problem}", "try: --cpu v3,-avx2 (mmuemu cpu lists models and features)");

    private static int CpusOf(int count) => count is >= 1 and <= CoreSet.MaxCount
        ? count
        : throw new CommandException(ExitCodes.Usage, $"--cpus {count}: expected 1 to {CoreSet.MaxCount}", "try: --cpus 4");

    private static ulong? QuantumOf(ulong? instructions) => instructions is null or (>= 1 and <= uint.MaxValue)
        ? instructions
        : throw new CommandException(ExitCodes.Usage, $"--quantum {instructions}: expected 1 to {uint.MaxValue}", "try: --quantum 1000");

    private static string FileOf(string word)
    {
        if (File.Exists(word))
        {
            return Path.GetFullPath(word);
        }

        if (!word.Contains('/', StringComparison.Ordinal) && GuestCatalogue.TryFindFile(word, out string? shipped))
        {
            return shipped;
        }

        string what = Directory.Exists(word) ? $"'{word}' is a directory" : $"no file '{word}', and no program of that name ships";
        throw new CommandException(ExitCodes.NoGuest, $"{what}; expected a static x86-64 ELF file", "try: mmuemu guests");
    }

    private static ulong RamOf(string text)
    {
        if (!ByteCount.TryParse(text, out ulong bytes))
        {
            throw new CommandException(ExitCodes.Usage, $"--ram '{text}': expected {ByteCount.Form}", "try: --ram 64M");
        }

        return bytes is >= PhysicalMemory.MinBytes and <= PhysicalMemory.MaxBytes && bytes % 4096 == 0
            ? bytes
            : throw new CommandException(
                ExitCodes.Usage, $"--ram {text}: expected a multiple of 4096 bytes from 1M to 64G", "try: --ram 64M");
    }

    private static ulong SwapOf(string text) =>
        ByteCount.TryParse(text, out ulong bytes) && bytes % 4096 == 0
            ? bytes
            : throw new CommandException(
                ExitCodes.Usage, $"--swap '{text}': expected 0 or a multiple of 4096, {ByteCount.Form}", "try: --swap 16M");

    private static MachinePreset PresetOf(string name) =>
        MachinePresets.TryFind(name, out MachinePreset? preset)
            ? preset
            : throw new CommandException(
                ExitCodes.Usage,
                $"--preset '{name}': expected one of {string.Join(", ", MachinePresets.All.Select(p => p.Name))}",
                "try: --preset zen5");

    private static TlbMode TlbModeOf(string name)
    {
        foreach ((string known, TlbMode mode) in TlbModes)
        {
            if (known == name)
            {
                return mode;
            }
        }

        throw new CommandException(ExitCodes.Usage, $"--tlb '{name}': expected nocache, preset or maxstale", "try: --tlb maxstale");
    }

    private static IReadOnlyList<string> EnvironmentOf(string[] pairs)
    {
        foreach (string pair in pairs)
        {
            if (pair.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                throw new CommandException(ExitCodes.Usage, $"--env '{pair}': expected NAME=value", "try: --env HOME=/tmp");
            }
        }

        return pairs;
    }

    private static PressureRule PressureOf(string text) =>
        PressureRuleParser.TryParse(text, out PressureRule rule, out PressureError error)
            ? rule
            : throw new CommandException(
                ExitCodes.Usage, $"--pressure '{text}': {error}", "try: --pressure 'at syscall vrange#1 return: reclaim 64 frames'");
}
