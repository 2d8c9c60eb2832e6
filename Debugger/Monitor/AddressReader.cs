using System.Globalization;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Source;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Monitor;

/// <summary>An address as it is typed in a session: a number, a symbol, a register, each with or without an offset; or nothing, which is the one at hand.</summary>
/// <remarks>
/// What begins with 0x is a number; a symbol of exactly that name is the symbol; what else can be read as hexadecimal is a number, as everywhere
/// in the command (<see cref="AddressWord"/>).
/// </remarks>
/// <param name="context">The session.</param>
internal sealed class AddressReader(MonitorContext context)
{
    /// <summary>What an address looks like, for messages.</summary>
    public const string Form = "an address: a number, a symbol such as main or buf+0x10, a register such as $rdi, or here";

    private static readonly string[] RegisterNames =
    [
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
    ];

    /// <summary>Reads <paramref name="text"/>; the address at hand when it is empty.</summary>
    /// <exception cref="CommandException">It is no address.</exception>
    public VirtAddr Read(string text)
    {
        int plus = text.LastIndexOf('+');
        (string name, string offset) = plus > 0 ? (text[..plus], text[(plus + 1)..]) : (text, "");
        VirtAddr start = name.Length == 0 || name == "here" ? Here() : name[0] == '$' ? RegisterOf(name) : NumberOrSymbol(name);
        return start + (offset.Length == 0 ? 0 : OffsetOf(text, offset));
    }

    /// <summary>True when <paramref name="text"/> names a register, or can be read as a number.</summary>
    public static bool IsNumber(string text, out ulong value)
    {
        string plain = text.Replace("_", "", StringComparison.Ordinal);
        plain = plain.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? plain[2..] : plain;
        return ulong.TryParse(plain, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && !text.StartsWith('_');
    }

    /// <summary>The access of the micro-step that is just over, or else CR2, the address of the last page fault; null when there is neither.</summary>
    public VirtAddr? AtHand()
    {
        if (context.Journey.Latest is { } happened && AddressOf(happened) is { Raw: not 0 } address)
        {
            return address;
        }

        ulong cr2 = context.Journey.Look(kernel => kernel.Core.Vcpu.Control.Cr2);
        return cr2 != 0 ? new VirtAddr(cr2) : null;
    }

    private VirtAddr Here() =>
        AtHand() ?? throw Refusal("here", "no page fault has happened so far, so there is no address at hand", "walk $rip, or run to fault");

    private static VirtAddr AddressOf(in TraceEvent happened) => happened.Detail is WalkDetail walk ? walk.Access.Address : happened.Address;

    private VirtAddr RegisterOf(string name)
    {
        string register = name[1..].ToLowerInvariant();
        int number = Array.IndexOf(RegisterNames, register);
        return context.Journey.Look(kernel => ValueOf(kernel, register, number)) is { } value
            ? new VirtAddr(value)
            : throw Refusal(name, "there is no register of that name", "$rdi, $rip, $cr2 or $cr3");
    }

    private static ulong? ValueOf(MiniKernel kernel, string register, int number)
    {
        Vcpu cpu = kernel.Core.Vcpu;
        return register switch
        {
            _ when number >= 0 => cpu[number],
            "pc" or "rip" => cpu.Rip,
            "sp" => cpu[Gpr.Rsp],
            "cr2" => cpu.Control.Cr2,
            "cr3" => kernel.Core.Mmu.Mode.Root.Base.Raw,
            "fs_base" => cpu.FsBase,
            "gs_base" => cpu.GsBase,
            _ => null,
        };
    }

    private VirtAddr NumberOrSymbol(string name)
    {
        bool isNumber = IsNumber(name, out ulong value);
        if (isNumber && (name.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || char.IsAsciiDigit(name[0])))
        {
            return new VirtAddr(value);
        }

        IReadOnlyList<LoadedObject> objects = context.Source.Objects();
        foreach (LoadedObject file in objects)
        {
            switch (file.AddressesOf(name))
            {
                case [var only]:
                    return only;
                case [var first, _, ..] all:
                    throw Refusal(name, $"{file.Name} has {all.Count} symbols of that name, at {string.Join(", ", all)}", first.ToString());
            }
        }

        return isNumber ? new VirtAddr(value) : throw Unknown(name, objects);
    }

    private static CommandException Unknown(string name, IReadOnlyList<LoadedObject> objects)
    {
        ElfSymbol[] symbols = [.. objects.SelectMany(file => file.Symbols).Where(symbol => symbol.IsDefined)];
        string[] near = NearNames.Of(name, symbols.Select(symbol => symbol.Name));
        string files = objects.Count == 0 ? "the process at work" : string.Join(", ", objects.Select(file => file.Name));
        string why = symbols.Length == 0 ? $"{files} has no symbols" : $"{files} has no symbol '{OwnText.Printable(name)}'";
        return Refusal(name, why, near.Length == 0 ? "0x401000, main, $rip" : string.Join(", or ", near));
    }

    private static ulong OffsetOf(string text, string offset)
    {
        bool hex = offset.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ulong.TryParse(hex ? offset[2..] : offset, style, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Refusal(text, $"the offset '{OwnText.Printable(offset)}' is no number", "main+0x10, or main+16");
    }

    private static CommandException Refusal(string text, string found, string next) =>
        new(ExitCodes.Usage, $"'{OwnText.Printable(text)}': expected {Form}; {found}", $"try: {next}");
}
