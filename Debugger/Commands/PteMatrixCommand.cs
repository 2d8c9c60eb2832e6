using System.CommandLine;
using System.Globalization;
using MmuEmu.Debugger.Matrix;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu pte matrix</c>: every combination of entry bits, control bits and accesses, with what becomes of it.</summary>
internal static class PteMatrixCommand
{
    private const long MostCases = 50_000_000;

    private static readonly (string Word, ulong Bits)[] EntryBits =
    [
        ("p", (ulong)PteBits.P), ("w", (ulong)PteBits.RW), ("u", (ulong)PteBits.US), ("a", (ulong)PteBits.A), ("d", (ulong)PteBits.D),
        ("ps", (ulong)PteBits.PS), ("g", (ulong)PteBits.G), ("nx", (ulong)PteBits.XD), ("rsvd", MatrixSpace.ReservedBit), ("key", 1UL << 59),
    ];

    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        Option<string> levels = ListOption("--levels", "LEVELS", ValueWords.ListOf(() => LevelOption.Words), "pt");
        levels.Description = "Levels whose entries vary: pt,pd,pdpt,pml4,pml5.";
        Option<string> bits = ListOption("--bits", "BITS", ValueWords.ListOf(() => Array.ConvertAll(EntryBits, e => new Word(e.Word))), "p,w,u,nx,rsvd");
        bits.Description = "Entry bits that vary: p,w,u,a,d,ps,g,nx,rsvd,key.";
        Option<string> registers = ListOption("--reg", "BITS", ControlBitWords.MakeList(), "wp,smep,smap,nxe");
        registers.Description = "Control bits that vary: wp,smep,smap,ac,pke,nxe,page1g,la57.";
        Option<int> maxPhyAddr = MaxPhyAddrOption.Make();
        Option<string?> file = FileOption("--out", "Write the lines to a file instead of stdout.");
        Option<string?> diff = FileOption("--diff", "Compare with the lines of another run or another model, case by case in any order: print what differs, status 120 when something does.");
        Command command = new("matrix", "Judges every combination of entry bits, control bits and accesses, one line each.") { levels, bits, registers, maxPhyAddr, file, diff };
        command.SetAction(parsed =>
        {
            byte width = MaxPhyAddrOption.Parse(parsed.GetValue(maxPhyAddr));
            MatrixSpace space = SpaceOf(parsed.GetValue(levels)!, parsed.GetValue(bits)!, parsed.GetValue(registers)!) with { Widths = [width] };
            return parsed.GetValue(diff) is { } old ? Compare(space, old, output)
                : parsed.GetValue(file) is { } path ? WriteTo(space, path, output)
                : Print(space, output.Out);
        });
        return command;
    }

    private static Option<string> ListOption(string name, string form, ValueWords words, string usual) =>
        new(name) { HelpName = form, CompletionSources = { words.Complete }, DefaultValueFactory = _ => usual };

    private static Option<string?> FileOption(string name, string description) =>
        new(name) { HelpName = "FILE", Description = description, CompletionSources = { ValueWords.File.Complete } };

    private static MatrixSpace SpaceOf(string levels, string bits, string registers)
    {
        ulong varied = Words(bits).Aggregate(0UL, (all, word) => all | BitOf(word));
        PagingBits control = Words(registers).Aggregate(PagingBits.None, (all, word) => all | ControlBitWords.Parse("--reg", word));
        bool keys = control.HasFlag(PagingBits.Pke);
        MatrixSpace space = new() { Registers = control, Pkru = keys ? [0, 0x4, 0x8, 0xC] : [0] };
        double cases = 9 * Math.Pow(2, System.Numerics.BitOperations.PopCount((uint)control)) * space.Pkru.Count;
        foreach (string level in Words(levels))
        {
            space = space.Vary(LevelOption.Parse(level), varied);
            cases *= Math.Pow(2, System.Numerics.BitOperations.PopCount(varied));
        }

        return cases <= MostCases
            ? space
            : throw new CommandException(
                ExitCodes.Usage,
                $"that is up to {cases.ToString("#,0", CultureInfo.InvariantCulture)} cases; expected at most {MostCases.ToString("#,0", CultureInfo.InvariantCulture)}",
                "try: fewer --levels, --bits or --reg");
    }

    private static int Print(MatrixSpace space, TextWriter writer)
    {
        using MatrixBench bench = new();
        Writer visitor = new(bench, writer);
        space.Visit(ref visitor);
        return ExitCodes.Ok;
    }

    private static int WriteTo(MatrixSpace space, string path, Output output)
    {
        using StreamWriter writer = Open(path, () => new StreamWriter(path) { NewLine = "\n" });
        Print(space, writer);
        output.Error.WriteLine($"mmuemu: written to {path}");
        return ExitCodes.Ok;
    }

    private static int Compare(MatrixSpace space, string path, Output output)
    {
        using StreamReader reader = Open(path, () => new StreamReader(path));
        using MatrixBench bench = new();
        MatrixDiff visitor = new(bench, reader, output.Out);
        space.Visit(ref visitor);
        visitor.Finish();
        if (visitor.Smallest is { } smallest)
        {
            output.Out.WriteLine($"smallest: {smallest}");
        }

        output.Error.WriteLine($"mmuemu: {visitor.Differences} of {visitor.Cases} cases differ");
        return visitor.Differences == 0 ? ExitCodes.Ok : ExitCodes.Expectation;
    }

    private static T Open<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"cannot open '{path}': {refused.Message}", "try: mmuemu pte matrix --out matrix.txt");
        }
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ulong BitOf(string word)
    {
        int index = Array.FindIndex(EntryBits, e => e.Word.Equals(word, StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? EntryBits[index].Bits
            : throw new CommandException(ExitCodes.Usage, $"--bits '{word}': expected {string.Join(", ", EntryBits.Select(e => e.Word))}", "try: --bits p,w,u,nx");
    }

    private readonly struct Writer(MatrixBench bench, TextWriter writer) : IMatrixVisitor
    {
        public void Visit(in MatrixCase one) => writer.WriteLine(MatrixText.LineOf(bench, one));
    }
}
