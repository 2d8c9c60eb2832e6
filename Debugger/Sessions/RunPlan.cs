using System.CommandLine;
using System.Globalization;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Turns a command line into the options of a run, or refuses it with one clear message.</summary>
internal static class RunPlan
{
    private static readonly (string Name, TlbMode Mode, string Says)[] TlbModes =
    [
        ("nocache", TlbMode.NoCache, "walk every access"), ("preset", TlbMode.Preset, "the TLBs of --preset"),
        ("maxstale", TlbMode.MaxStale, "drop only what the manual obliges"),
    ];

    private static readonly (string Name, ProfileSwitches Switches, string Says)[] Abis =
    [
        ("linux", ProfileSwitches.None, "as on Linux"), ("proposals", ProfileSwitches.ProposedNumbers, "as vrange, MADV_FREE of 2014 and MADV_USERFAULT were posted"),
    ];

    private const ulong DefaultSeed = 1;
    private const int MostSeconds = 1_000_000;

    /// <summary>The words of <c>--tlb</c>.</summary>
    public static IEnumerable<Word> TlbWords => Array.ConvertAll(TlbModes, m => new Word(m.Name, m.Says));

    /// <summary>The words of <c>--abi</c>.</summary>
    public static IEnumerable<Word> AbiWords => Array.ConvertAll(Abis, a => new Word(a.Name, a.Says));

    /// <summary>The words of <c>--preset</c>.</summary>
    public static IEnumerable<Word> PresetWords => MachinePresets.All.Select(p => new Word(p.Name, p.Title));

    /// <summary>The run that <paramref name="parsed"/> asks for; streams and trace are the caller's to add.</summary>
    /// <exception cref="CommandException">Something is not understood.</exception>
    public static PlannedRun Of(ParseResult parsed, RunFlags flags) =>
        Of(parsed, flags, parsed.GetValue(flags.Guest) ?? []);

    /// <summary>The same with the guest and its arguments given.</summary>
    /// <exception cref="CommandException">Something is not understood.</exception>
    public static PlannedRun Of(ParseResult parsed, RunFlags flags, IReadOnlyList<string> words)
    {
        string? root = RootOf(parsed.GetValue(flags.Root));
        GuestChoice guest = root is null ? GuestChoice.Of(words[0]) : GuestChoice.Below(root, words[0]);
        RunValues values = flags.Read(parsed, guest.Shipped);
        bool hasFolder = guest.Shipped is null && root is null;
        RecordedOption[] options = [.. flags.Recorded.Select(values.Record).Select(option => option.Name == flags.Root.Name ? Resolved(option, root) : option)];
        RunRecord record = new(words[0], [.. words.Skip(1)], guest.Shipped is null ? guest.File : null, hasFolder ? CurrentFolder() : "/", options);
        return Of(record, guest, values, root, flags) with { Timeout = TimeoutOf(parsed.GetValue(flags.Timeout)) };
    }

    /// <summary>The run that a report tells of.</summary>
    /// <param name="record">What was asked for then, with what is to be told now.</param>
    /// <param name="parsed">The command line of now.</param>
    /// <param name="flags">The options.</param>
    /// <exception cref="CommandException">Something cannot be had again, or is not understood.</exception>
    public static PlannedRun Again(RunRecord record, ParseResult parsed, RunFlags flags)
    {
        RunValues values = new(flags.Parse(record), null);
        string? root = RootOf(values.Of(flags.Root));
        return Of(record, ChoiceOf(record), values, root, flags) with { Timeout = TimeoutOf(parsed.GetValue(flags.Timeout)) };
    }

    /// <summary>Likewise of a recording, which holds what was read of <c>--root</c>: the folder may be gone.</summary>
    /// <exception cref="CommandException">Something is not understood.</exception>
    public static PlannedRun OnTape(RunRecord record, ParseResult parsed, RunFlags flags)
    {
        RunValues values = new(flags.Parse(record), null);
        return Of(record, ChoiceOf(record), values, values.Of(flags.Root) is { } root and not "/" ? root : null, flags) with
        {
            Timeout = TimeoutOf(parsed.GetValue(flags.Timeout)),
        };
    }

    private static GuestChoice ChoiceOf(RunRecord record) => record.Program is { } file ? new GuestChoice(file, null) : GuestChoice.Shipping(record.Guest)
        ?? throw new CommandException(ExitCodes.NoGuest, $"no program called '{record.Guest}' ships with this mmuemu", "try: mmuemu guests");

    private static PlannedRun Of(RunRecord record, GuestChoice guest, RunValues values, string? root, RunFlags flags)
    {
        KernelOptions options = MachineOf(values, flags, guest.File) with
        {
            ProgramPath = guest.GuestPath,
            Arguments = [guest.GuestPath ?? record.Guest, .. record.Arguments],
            HostRoot = guest.Shipped is null ? root ?? "/" : null,
            WorkingDirectory = record.Folder,
        };
        return new PlannedRun(options, new TypedRun(record.Guest, record.Arguments, flags.TypedAgain(record)), NotesOf(record, guest))
        {
            Record = record,
            RulesAreTyped = record.Find(flags.Pressure.Name) is { By: OptionOrigin.Typed },
            AllowUnfired = record.Has(flags.AllowUnfired.Name),
        };
    }

    /// <summary>That the catalogue decided, in its order.</summary>
    private static string[] NotesOf(RunRecord record, GuestChoice guest)
    {
        List<string> row = [.. guest.Shipped?.RunOptions ?? []];
        string decided = string.Join(' ', record.Options
            .Where(option => option.By == OptionOrigin.Catalogue)
            .OrderBy(option => row.IndexOf(option.Name))
            .SelectMany(option => option.Words));
        return decided.Length == 0 ? [] : [$"{guest.Shipped!.Name} runs with {decided}, as its lesson needs; what you type comes first"];
    }

    /// <summary>The folder as the host knows it, from wherever the run is repeated.</summary>
    private static RecordedOption Resolved(RecordedOption option, string? root) =>
        option.Values is [var written] && (root ?? "/") != written ? option with { Values = [root ?? "/"], Written = option.Values } : option;

    private static TimeSpan? TimeoutOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0.001 and <= MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new CommandException(ExitCodes.Usage, $"--timeout '{text}': expected seconds, 0.001 to {MostSeconds}", "try: --timeout 10");
    }

    /// <summary>Where the command was started; null when that folder was removed since.</summary>
    private static string? CurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static KernelOptions MachineOf(RunValues values, RunFlags flags, string file)
    {
        CpuModel cpu = CpuOf(values.Of(flags.Cpu)!);
        MachinePreset preset = values.Of(flags.Preset) is { } asked ? PresetOf(asked) : cpu.DefaultPreset;
        return new KernelOptions
        {
            Program = file,
            Environment = EnvironmentOf(values.Of(flags.Env)!),
            RamBytes = RamOf(values.Of(flags.Ram)!),
            SwapBytes = SwapOf(values.Of(flags.Swap)!),
            Profile = ProfileOf(values.Of(flags.Profile), values.Of(flags.Abi)!) with { Overcommit = OvercommitText.Parse(values.Of(flags.Overcommit)!) },
            Cpus = CpusOf(values.Of(flags.Cpus)),
            Quantum = QuantumOf(values.Of(flags.Quantum)),
            Seed = values.Of(flags.Seed) ?? DefaultSeed,
            Interleaving = values.Of(flags.Seed) is null ? Interleaving.RoundRobin : Interleaving.Seeded,
            MaxInstructions = values.Of(flags.MaxInsns) ?? ulong.MaxValue,
            Preset = preset.Name,
            Cpu = cpu,
            Mmu = new MmuOptions { TlbMode = TlbModeOf(values.Of(flags.Tlb)!), Geometry = preset.Tlb },
            Pressure = [.. values.Of(flags.Pressure)!.Select(PressureOf)],
        };
    }

    /// <summary>The processor model that <paramref name="text"/> names.</summary>
    /// <exception cref="CommandException">It names none.</exception>
    public static CpuModel CpuOf(string text) =>
        CpuModelText.TryParse(text, out CpuModel? model, out string? problem)
            ? model
            : throw new CommandException(ExitCodes.Usage, $"--cpu {problem}", "try: --cpu v3,-avx2 (mmuemu cpu lists models and features)");

    /// <summary>The folder as an absolute path; null when the host's own root is meant, or nothing was said.</summary>
    private static string? RootOf(string? folder)
    {
        if (folder is null)
        {
            return null;
        }

        if (!Directory.Exists(folder))
        {
            throw new CommandException(ExitCodes.Usage, $"--root '{folder}': no such folder", "try: --root /srv/chroot/bookworm");
        }

        string path = Path.GetFullPath(folder);
        path = Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return path == "/" ? null : Path.TrimEndingDirectorySeparator(path);
    }

    private static int CpusOf(int count) => count is >= 1 and <= CoreSet.MaxCount
        ? count
        : throw new CommandException(ExitCodes.Usage, $"--cpus {count}: expected 1 to {CoreSet.MaxCount}", "try: --cpus 4");

    private static ulong? QuantumOf(ulong? instructions) => instructions is null or (>= 1 and <= uint.MaxValue)
        ? instructions
        : throw new CommandException(ExitCodes.Usage, $"--quantum {instructions}: expected 1 to {uint.MaxValue}", "try: --quantum 1000");

    private static ulong RamOf(string text)
    {
        if (!ByteCount.TryParse(text, out ulong bytes))
        {
            throw new CommandException(ExitCodes.Usage, $"--ram '{text}': expected {ByteCount.Form}", "try: --ram 1G");
        }

        return bytes is >= PhysicalMemory.MinBytes and <= PhysicalMemory.MaxBytes && bytes % 4096 == 0
            ? bytes
            : throw new CommandException(
                ExitCodes.Usage, $"--ram {text}: expected a multiple of 4096 bytes from 1M to 64G", "try: --ram 1G");
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

    private static KernelProfile ProfileOf(string? words, string abi)
    {
        KernelProfile profile = ProfileText.Parse(words);
        foreach ((string known, ProfileSwitches switches, _) in Abis)
        {
            if (known == abi)
            {
                return profile with { Switches = profile.Switches | switches };
            }
        }

        throw new CommandException(ExitCodes.Usage, $"--abi '{abi}': expected linux or proposals", "try: --abi proposals");
    }

    private static TlbMode TlbModeOf(string name)
    {
        foreach ((string known, TlbMode mode, _) in TlbModes)
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
                ExitCodes.Usage, $"--pressure '{text}': {PressureText.Of(error)}", "try: --pressure 'at syscall vrange#1 return: reclaim 64 frames'");
}
