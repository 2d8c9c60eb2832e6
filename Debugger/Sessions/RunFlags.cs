using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Models;
using MmuEmu.Guests;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>The options that say how a guest runs; shared by run, walk and why.</summary>
internal sealed class RunFlags
{
    public Option<string> Ram { get; } = new("--ram")
    {
        HelpName = "SIZE",
        Description = "Guest RAM, 1M to 64G; little of it makes memory pressure.",
        DefaultValueFactory = _ => ByteCount.Show(KernelOptions.DefaultRamBytes),
    };

    public Option<string> Swap { get; } = new("--swap") { HelpName = "SIZE", Description = "Size of the swap device; 0 for none.", DefaultValueFactory = _ => "0" };

    public Option<string> Overcommit { get; } = new("--overcommit")
    {
        HelpName = "MODE",
        Description = "How much memory may be promised, as vm.overcommit_memory: 0 (no single wish larger than RAM and swap), 1 (everything), 2 (all together at most swap and half of RAM).",
        CompletionSources = { ValueWords.OneOf(() => OvercommitText.Words).Complete },
        DefaultValueFactory = _ => "0",
    };

    public Option<string> Profile { get; } = new(ProfileText.Option)
    {
        HelpName = "WORDS",
        Description = $"Historic behaviour by name: {ProfileText.Form}; help explains the words.",
        CompletionSources = { ProfileText.MakeList().Complete },
    };

    public Option<string> Abi { get; } = new("--abi")
    {
        HelpName = "NAME",
        Description = "What numbers mean that proposals claim and Linux has for something else (system calls 314 and 321, madvise 5, 18 and 19), "
            + "in programs that neither declare it (docs/guest-header.md) nor have the family named by --profile: linux or proposals.",
        CompletionSources = { ValueWords.OneOf(() => RunPlan.AbiWords).Complete },
        DefaultValueFactory = _ => "linux",
    };

    public Option<string> Tlb { get; } = new("--tlb")
    {
        HelpName = "MODE",
        Description = "How TLBs behave: nocache (walk every access), preset (the TLBs of --preset), or maxstale (drop only what the manual obliges).",
        CompletionSources = { ValueWords.OneOf(() => RunPlan.TlbWords).Complete },
        DefaultValueFactory = _ => "preset",
    };

    public Option<string?> Preset { get; } = new("--preset")
    {
        HelpName = "NAME",
        Description = "Whose TLBs, caches and cycles are modelled: zen5, skylake, golden-cove, tiny, ideal. "
            + "Without it the vendor of --cpu decides: zen5 for amd, golden-cove for intel.",
        CompletionSources = { ValueWords.OneOf(() => RunPlan.PresetWords).Complete },
    };

    public Option<string> Cpu { get; } = new("--cpu")
    {
        HelpName = "MODEL",
        Description = $"Instructions the processor has: {CpuModelText.Form}. See: mmuemu cpu.",
        CompletionSources = { CpuWords.Make().Complete },
        DefaultValueFactory = _ => CpuModels.Default.Name,
    };

    public Option<ulong?> Seed { get; } = new("--seed")
    {
        HelpName = "N",
        Description = "Seed of every random number the guest sees (1), and, when given, of the order and length of the processors' turns.",
    };

    public Option<int> Cpus { get; } = new("--cpus") { HelpName = "N", Description = "Processors, 1 to 64.", DefaultValueFactory = _ => 1 };

    public Option<ulong?> Quantum { get; } = new("--quantum")
    {
        HelpName = "N",
        Description = "Instructions of a turn while other threads wait, 1 to 4294967295 (100000; 10000 with several processors).",
    };

    public Option<ulong?> MaxInsns { get; } = new("--max-insns") { HelpName = "N", Description = "End with status 124 after this many instructions." };

    public Option<string[]> Pressure { get; } = new("--pressure")
    {
        HelpName = "RULE",
        Description = "Memory pressure at an exact point, such as 'at syscall vrange#1 return: reclaim 64 frames'. May be repeated.",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    public Option<string[]> Env { get; } = new("--env")
    {
        HelpName = "NAME=VALUE",
        Description = "NAME=value for the guest's environment, which is otherwise empty. May be repeated.",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    public Option<string?> Root { get; } = new("--root")
    {
        HelpName = "DIR",
        Description = "The folder that the guest sees as /, read only: another system's files, GUEST's own path and its interpreter among them.",
        CompletionSources = { ValueWords.File.Complete },
    };

    public Option<string?> Timeout { get; } = new("--timeout")
    {
        HelpName = "SECONDS",
        Description = "End with status 124 after this much time of the host, such as 10 or 0.5; what is known until then is printed.",
    };

    public Option<bool> AllowUnfired { get; } = new("--allow-unfired")
    {
        Description = "Say nothing of a --pressure rule that never acted or of an --at that was never reached, and do not end with status 120 for it.",
    };

    public Argument<string[]> Guest { get; } = new("GUEST")
    {
        HelpName = "GUEST",
        Description = "An x86-64 ELF file, static or dynamic, or the name of a program that ships; the guest's arguments follow.",
        Arity = ArgumentArity.OneOrMore,
        CaptureRemainingTokens = true,
        CompletionSources = { ValueWords.FileOr(() => GuestChoice.Words).Complete },
    };

    /// <summary>The options that decide what happens in a run; the others only say how long and how loud.</summary>
    private Option[] Machine => [Ram, Swap, Overcommit, Profile, Abi, Tlb, Preset, Cpu, Cpus, Quantum, Seed, MaxInsns, Pressure, Env, Root];

    /// <summary>Options of the command besides that say what is told of a run, and that a report keeps.</summary>
    public IReadOnlyList<Option> Told { get; init; } = [];

    /// <summary>All that a report keeps.</summary>
    public IEnumerable<Option> Recorded => [.. Machine, AllowUnfired, .. Told];

    /// <summary>Those of them that say what is told and change nothing of the run.</summary>
    public IEnumerable<Option> Telling => [AllowUnfired, .. Told];

    /// <summary>The options of a run that were typed, as they can be typed again, each followed by a space.</summary>
    public string TypedAgain(RunRecord record) => string.Concat(Machine
        .Select(option => record.Find(option.Name))
        .Where(option => option is { By: OptionOrigin.Typed })
        .SelectMany(option => (option!.Written ?? option.Values).Select(value => $"{option.Name} {ShellQuote.PosixBytes(value)} ")));

    /// <summary>The options that were typed and decide what happens, by name.</summary>
    public IEnumerable<string> TypedOfMachine(ParseResult typed) =>
        Machine.Where(option => typed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    /// <summary>Adds the options and GUEST to <paramref name="command"/>.</summary>
    public void AddTo(Command command)
    {
        AddOptionsTo(command);
        command.Arguments.Add(Guest);
    }

    /// <summary>Reads the options: what <paramref name="typed"/> has, else what the catalogue says of the guest, if it ships.</summary>
    public RunValues Read(ParseResult typed, GuestProgram? shipped)
    {
        if (shipped is not { RunOptions.Count: > 0 })
        {
            return new RunValues(typed, null);
        }

        Command catalogue = new("catalogue");
        AddOptionsTo(catalogue);
        return new RunValues(typed, catalogue.Parse([.. shipped.RunOptions]));
    }

    /// <summary>Reads the options of a run that a report tells of, as if they were typed.</summary>
    /// <exception cref="CommandException">An option or a value is none of this version's.</exception>
    public ParseResult Parse(RunRecord record)
    {
        Command command = new("report");
        AddOptionsTo(command);
        IEnumerable<string> words = record.Options.Where(option => !Told.Any(told => told.Name == option.Name)).SelectMany(option => option.Words);
        ParseResult parsed = command.Parse([.. words], new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0
            ? parsed
            : throw new CommandException(ExitCodes.Usage, $"the report's options are not understood: {parsed.Errors[0].Message}", "try: mmuemu run --help");
    }

    /// <summary>Adds the options to <paramref name="command"/>, which has arguments of its own.</summary>
    public void AddOptionsTo(Command command)
    {
        foreach (Option option in (IEnumerable<Option>)[.. Machine, Timeout, AllowUnfired])
        {
            command.Options.Add(option);
        }
    }
}
