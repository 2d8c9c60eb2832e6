using Iced.Intel;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Instructions as text, read without a trace.</summary>
internal static class CodeText
{
    /// <summary>The instruction at an address of the space at work; a reason when there is none.</summary>
    public static string At(MiniKernel kernel, VirtAddr address)
    {
        CodeBytes code = BytesAt(kernel, address);
        return code.Count == 0 ? "(no code can be read there)" : InstructionText.At(address, code);
    }

    /// <summary>What can be read at an address, up to the longest instruction.</summary>
    public static CodeBytes BytesAt(MiniKernel kernel, VirtAddr address)
    {
        if (MonitorContext.SpaceOf(kernel) is not { } space)
        {
            return default;
        }

        byte[] bytes = new byte[CodeBytes.Most];
        int count = new KernelView(kernel).ReadBehind(space, address, bytes, out _);
        return CodeBytes.Of(bytes.AsSpan(0, count));
    }

    /// <summary>The instructions from an address on, each with its bytes and the names of what it refers to.</summary>
    public static IReadOnlyList<string> Lines(byte[] bytes, VirtAddr start, int most, Func<VirtAddr, SourcePlace> placeOf)
    {
        List<string> lines = [];
        ByteArrayCodeReader reader = new(bytes);
        Decoder decoder = Decoder.Create(64, reader, start.Raw);
        string last = "";
        ulong end = start.Raw + (ulong)bytes.Length;
        for (int i = 0; i < most && decoder.IP < end; i++)
        {
            VirtAddr at = new(decoder.IP);
            Instruction instruction = decoder.Decode();
            SourcePlace place = placeOf(at);
            string head = place.Function.Length == 0 ? "" : $"{OwnText.Printable(place.Function)}{(place.HasLine ? $" ({place.FileAndLine})" : "")}:";
            if (head != last && head.Length > 0)
            {
                lines.Add(head);
            }

            last = head;
            int length = instruction.IsInvalid ? 1 : instruction.Length;
            CodeBytes code = CodeBytes.Of(bytes.AsSpan((int)(at.Raw - start.Raw), length));
            string offset = place.Function.Length == 0 ? "" : $"<+0x{place.Offset:x}>";
            lines.Add($"  {at}  {offset,-8} {code,-22} {InstructionText.At(at, code)}{TargetOf(instruction, placeOf)}");
            decoder.IP = at.Raw + (ulong)length;
            reader.Position = (int)(decoder.IP - start.Raw);
        }

        return lines;
    }

    private static string TargetOf(in Instruction instruction, Func<VirtAddr, SourcePlace> placeOf)
    {
        ulong target = instruction.IsIPRelativeMemoryOperand ? instruction.IPRelativeMemoryAddress : instruction.NearBranchTarget;
        string symbol = target == 0 ? "" : placeOf(new VirtAddr(target)).Symbol;
        return symbol.Length == 0 ? "" : $"   <{symbol}>";
    }
}
