using System.Globalization;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Source;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>An address as people type it: a number, or a symbol of the guest with or without an offset.</summary>
/// <remarks>
/// The rule: what begins with 0x is a number; a symbol of exactly that name is the symbol; what else can be read as hexadecimal is a number.
/// So <c>add</c> is the function add where the guest has one, and 0xadd where it has none.
/// </remarks>
internal sealed class AddressWord
{
    private readonly string _typed;
    private readonly ulong _value;
    private readonly ElfSymbols? _symbols;

    private AddressWord(string typed, ulong value, ElfSymbols? symbols) => (_typed, _value, _symbols) = (typed, value, symbols);

    /// <summary>What an address looks like, for messages.</summary>
    public const string Form = "a hexadecimal address such as 7fffe000 or 0x7fffe000, a symbol of the guest, or symbol+offset";

    /// <summary>What to say of the address beside its number: the symbol with its offset, as typed; empty for a number.</summary>
    public string Name => _symbols is null ? "" : _typed;

    /// <summary>Set when the word could also be a number: a line that says how it was taken.</summary>
    public string? Note { get; private init; }

    /// <summary>Reads <paramref name="text"/>; symbols are those of the plan's guest.</summary>
    /// <exception cref="CommandException">It is neither a number nor a symbol that the guest defines once.</exception>
    public static AddressWord Of(string text, PlannedRun plan)
    {
        bool number = TryNumber(text, out ulong value);
        if (number && (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || char.IsAsciiDigit(text[0])))
        {
            return new AddressWord(text, value, null);
        }

        ElfSymbols symbols = ElfSymbols.Of(FileOf(plan.Options));
        int plus = text.LastIndexOf('+');
        (string name, ulong offset) = plus > 0 ? (text[..plus], OffsetOf(text, text[(plus + 1)..])) : (text, 0UL);
        ElfSymbol[] same = [.. symbols.All.Where(s => s.Name == name)];
        ElfSymbol[] here = Best(same);
        return (here.Length, number) switch
        {
            (1, _) => new AddressWord(text, here[0].Value + offset, symbols)
            {
                Note = number ? $"'{text}' is taken for the guest's symbol; for the number type 0x{value:x}" : null,
            },
            (0, true) => new AddressWord(text, value, null),
            _ => throw Refusal(text, new Lookup(name, same, here), symbols, plan.Typed.Guest),
        };
    }

    /// <summary>The address in the run of <paramref name="kernel"/> as it stands: for a symbol, where the process at work has it.</summary>
    /// <exception cref="CommandException">It is a symbol, and the process at work runs another program.</exception>
    public VirtAddr At(MiniKernel kernel)
    {
        if (_symbols is null)
        {
            return new VirtAddr(_value);
        }

        (string path, VirtAddr entry) = kernel.Program;
        ulong bias = entry.Raw - _symbols.Entry;
        return bias % 4096 == 0 && (bias == 0 || !_symbols.IsFixed)
            ? new VirtAddr(_value + bias)
            : throw new CommandException(ExitCodes.Usage, $"ADDR '{_typed}': at t={kernel.Time} the process at work runs {path}, whose symbols are others", "try: a hexadecimal address, or an earlier --at");
    }

    private static bool TryNumber(string text, out ulong value)
    {
        string plain = text.Replace("_", "", StringComparison.Ordinal);
        plain = plain.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? plain[2..] : plain.EndsWith('h') ? plain[..^1] : plain;
        return ulong.TryParse(plain, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && !text.StartsWith('_');
    }

    private static ulong OffsetOf(string text, string offset)
    {
        bool hex = offset.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(hex ? offset[2..] : offset, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new CommandException(ExitCodes.Usage, $"ADDR '{text}': the offset '{offset}' is no number", "try: main+0x10, or main+16");
    }

    /// <summary>The definitions to choose from: global ones come before those that only one source file sees.</summary>
    private static ElfSymbol[] Best(ElfSymbol[] same)
    {
        ElfSymbol[] defined = [.. same.Where(s => s.IsDefined).GroupBy(s => s.Value).Select(g => g.OrderByDescending(s => s.IsGlobal).First())];
        return defined.Any(s => s.IsGlobal) ? [.. defined.Where(s => s.IsGlobal)] : defined;
    }

    private static CommandException Refusal(string text, Lookup found, ElfSymbols symbols, string guest)
    {
        if (found.Here.Length > 1)
        {
            string places = string.Join(", ", found.Here.Select(s => $"0x{s.Value:x}").Order(StringComparer.Ordinal));
            return new CommandException(ExitCodes.Usage, $"ADDR '{text}': {guest} has {found.Here.Length} symbols '{found.Name}', at {places}", $"try: 0x{found.Here[0].Value:x}{(symbols.IsFixed ? "" : " plus the load address")}");
        }

        if (found.Same.Length > 0)
        {
            return new CommandException(ExitCodes.Usage, $"ADDR '{text}': '{found.Name}' is defined by a library of {guest}; only GUEST's own symbols are known", "try: a hexadecimal address; /proc/self/maps of the guest tells where libraries lie");
        }

        string none = !symbols.IsElf ? $"{guest} is no ELF file" : symbols.All.Count == 0 ? $"{guest} has no symbols: it is stripped" : $"{guest} has no symbol '{found.Name}'";
        string[] near = NearNames.Of(found.Name, symbols.All.Where(s => s.IsDefined).Select(s => s.Name));
        string hint = near.Length == 0 ? "try: 0x401000, or a symbol that `nm` lists" : $"try: {string.Join(", or ", near)}";
        return new CommandException(ExitCodes.Usage, $"ADDR '{text}': expected {Form}; {none}", hint);
    }

    /// <summary>The guest's file on the host.</summary>
    private static string FileOf(KernelOptions options) => options.HasOwnRoot ? options.HostRoot + options.Program : options.Program;

    /// <param name="Name">What was looked for.</param>
    /// <param name="Same">All symbols of that name.</param>
    /// <param name="Here">Those among which to choose.</param>
    private readonly record struct Lookup(string Name, ElfSymbol[] Same, ElfSymbol[] Here);
}
