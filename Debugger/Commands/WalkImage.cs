using System.CommandLine;
using MmuEmu.Debugger.Images;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu walk --image</c>: the walk of an address in a dump of another machine's memory.</summary>
internal sealed class WalkImage
{
    private readonly Option<string?> _image = new("--image")
    {
        HelpName = "FILE[,START]",
        Description = "Walk the tables in this dump instead of a run's: an ELF core of a machine (QEMU dump-guest-memory, virsh dump --memory-only, makedumpfile -E), "
            + "a LiME file, or raw memory from physical address START (0) on.",
        CompletionSources = { ValueWords.File.Complete },
    };

    private readonly Option<string?> _cr3 = new("--cr3")
    {
        HelpName = "VALUE",
        Description = "With --image: the register CR3, where the tables begin; an ELF core by QEMU notes it itself.",
    };

    private readonly Option<bool> _la57 = new("--la57") { Description = "With --image: five levels, CR4.LA57." };
    private readonly Option<int> _maxPhyAddr = MaxPhyAddrOption.Make();

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public void AddOptionsTo(Command command)
    {
        _maxPhyAddr.Description = $"With --image: {_maxPhyAddr.Description}";
        foreach (Option option in Own)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whose document is wanted: of a walk in a run as of one through an image.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "One JSON document on stdout: the walk, where it leads, what each access would meet." };

    private Option[] Own => [_image, _cr3, _la57, _maxPhyAddr];

    /// <summary>Whether an image is to be walked.</summary>
    /// <exception cref="CommandException">It is not, but an option that belongs to it was typed.</exception>
    public bool IsAsked(ParseResult parsed)
    {
        if (parsed.GetValue(_image) is not null)
        {
            return true;
        }

        return Array.Find(Own, option => IsTyped(parsed, option)) is { } stray
            ? throw new CommandException(ExitCodes.Usage, $"{stray.Name} belongs to a walk through an image; expected --image", "try: mmuemu walk --image memory.elf 0xffffffff81000000")
            : false;
    }

    /// <summary>Walks and writes what is found.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="words">What it has besides options: the address.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="CommandException">Something is not understood, or the image is of no use.</exception>
    public int Show(ParseResult parsed, IReadOnlyList<string> words, Output output)
    {
        RefuseOptionsOfRuns(parsed);
        if (words is not [var typed] || !HexNumber.TryParse(typed, out ulong address))
        {
            throw new CommandException(
                ExitCodes.Usage, $"--image: expected one address, {HexNumber.Form}; found '{string.Join(' ', words)}'", "try: mmuemu walk --image memory.elf 0xffffffff81000000");
        }

        using PhysicalImage image = PhysicalImage.Open(parsed.GetValue(_image)!);
        ImageMode mode = ImageMode.Of(image, Cr3Of(parsed.GetValue(_cr3)), parsed.GetValue(_la57), MaxPhyAddrOption.Parse(parsed.GetValue(_maxPhyAddr)));
        VirtAddr target = new(address);
        ImageWalk? walk = target.IsCanonical(mode.Mode.AddressBits) ? new ImageWalk(image, mode.Mode, target) : null;
        if (parsed.GetValue(Json))
        {
            ImageWalkJson.Write(output.Out, image, mode, target, walk);
            return ExitCodes.Ok;
        }

        foreach (string line in ImageWalkText.Head(image, target, mode))
        {
            output.Out.WriteLine(line);
        }

        IEnumerable<string> lines = walk is not null ? ImageWalkText.Lines(image, walk, output.OutPaint) : [ImageWalkText.NotCanonical(mode.Mode)];
        foreach (string line in lines)
        {
            output.Out.WriteLine($"  {line}");
        }

        return ExitCodes.Ok;
    }

    private void RefuseOptionsOfRuns(ParseResult parsed)
    {
        Option[] own = [.. Own, Json];
        if (parsed.CommandResult.Command.Options.FirstOrDefault(option => Array.IndexOf(own, option) < 0 && IsTyped(parsed, option)) is { } stray)
        {
            throw new CommandException(ExitCodes.Usage, $"{stray.Name} belongs to a run; --image has none", "try: mmuemu walk --help");
        }
    }

    private static bool IsTyped(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static ulong? Cr3Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return HexNumber.TryParse(text, out ulong value)
            ? value
            : throw new CommandException(ExitCodes.Usage, $"--cr3 '{text}': expected {HexNumber.Form}", "try: --cr3 0x1aa000");
    }
}
