using System.Text;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.View;

/// <summary>Takes the program around the instruction at work, and its registers, out of a look at the machine.</summary>
/// <param name="sight">The look.</param>
internal sealed class CodeTaker(Sight sight)
{
    private const int LinesAround = 3;
    private const int InstructionsBefore = 2;
    private const int InstructionsBehind = 4;
    private const ulong MostOfFunction = 4096;

    private static readonly string[] Names =
    [
        "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
    ];

    private static readonly int[] Numbers =
    [
        Gpr.Rax, Gpr.Rbx, Gpr.Rcx, Gpr.Rdx, Gpr.Rsi, Gpr.Rdi, Gpr.Rbp, Gpr.Rsp, 8, 9, 10, 11, 12, 13, 14, 15,
    ];

    /// <summary>Source and instructions.</summary>
    public CodeScene Code(int space)
    {
        VirtAddr rip = sight.Rip;
        SourcePlace place = sight.Context.Source.PlaceOf(rip, sight.View.Current);
        string title = place.HasLine ? $"{place.FileAndLine}  {place.Symbol}" : place.Symbol.Length > 0 ? place.Symbol : $"code at {rip}";
        return new CodeScene(title.TrimEnd(), [.. place.Lines(LinesAround)], Instructions(space, rip, place));
    }

    /// <summary>The registers; those that differ from <paramref name="before"/> say so.</summary>
    public IReadOnlyList<RegisterRow> Registers(IReadOnlyList<RegisterRow> before)
    {
        List<RegisterRow> rows = [];
        for (int i = 0; i < Names.Length; i++)
        {
            Add(rows, before, Names[i], sight.Cpu[Numbers[i]]);
        }

        Add(rows, before, "rip", sight.Rip.Raw);
        Add(rows, before, "rflags", sight.Cpu.Flags);
        Add(rows, before, "cr2", sight.Cpu.Control.Cr2);
        return rows;
    }

    private static void Add(List<RegisterRow> rows, IReadOnlyList<RegisterRow> before, string name, ulong value) =>
        rows.Add(new RegisterRow(name, value, rows.Count < before.Count && before[rows.Count].Value != value));

    private List<string> Instructions(int space, VirtAddr rip, SourcePlace place)
    {
        ulong back = place.Function.Length > 0 && place.Offset < MostOfFunction ? place.Offset : 0;
        byte[] bytes = new byte[back + (InstructionsBehind * 15)];
        VirtAddr start = rip - back;
        int count = sight.View.ReadBehind(space, start, bytes, out _);
        List<(VirtAddr At, string Text)> all = Decoded(bytes.AsSpan(0, count), start, rip);
        if (back > 0 && !all.Exists(one => one.At == rip))
        {
            // What lies before is no code, or was not read from its first byte.
            return Instructions(space, rip, place with { Function = "" });
        }

        int here = all.FindIndex(one => one.At == rip);
        int first = Math.Max(here - InstructionsBefore, 0);
        return [.. all.Skip(first).Take(InstructionsBefore + InstructionsBehind).Select(one => $"{(one.At == rip ? '>' : ' ')}{one.At,-8} {one.Text}")];
    }

    private List<(VirtAddr At, string Text)> Decoded(ReadOnlySpan<byte> bytes, VirtAddr start, VirtAddr rip)
    {
        List<(VirtAddr, string)> all = [];
        int behind = 0;
        for (int at = 0; at < bytes.Length && behind < InstructionsBehind;)
        {
            VirtAddr address = start + (ulong)at;
            CodeBytes code = CodeBytes.Of(bytes.Slice(at, Math.Min(CodeBytes.Most, bytes.Length - at)));
            Iced.Intel.Instruction instruction = InstructionText.Decode(code, address);
            bool isNear = address.Raw + 64 > rip.Raw;
            all.Add((address, isNear ? $"{InstructionText.At(address, code)}{TargetOf(instruction)}" : ""));
            behind += address.Raw >= rip.Raw ? 1 : 0;
            at += instruction.IsInvalid ? 1 : instruction.Length;
        }

        return all;
    }

    private string TargetOf(in Iced.Intel.Instruction instruction)
    {
        ulong target = instruction.IsIPRelativeMemoryOperand ? instruction.IPRelativeMemoryAddress : instruction.NearBranchTarget;
        string symbol = target == 0 ? "" : sight.Context.Source.PlaceAt(new VirtAddr(target)).Symbol;
        return symbol.Length == 0 ? "" : $" <{symbol}>";
    }

    /// <summary>The last lines of bytes that a guest wrote, without what would move a cursor.</summary>
    public static IReadOnlyList<string> LinesOf(byte[] bytes, int most)
    {
        string text = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\t", "    ", StringComparison.Ordinal);
        string[] lines = text.TrimEnd('\n').Split('\n');
        return text.Length == 0 ? [] : [.. lines.TakeLast(most)];
    }
}
