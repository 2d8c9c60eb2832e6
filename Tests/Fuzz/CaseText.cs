using System.Text;
using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Cases as text for people.</summary>
public static class CaseText
{
    private const int MostWords = 16;
    private static readonly byte[] Plain = FuzzImages.Plain();

    /// <summary>The instructions in Intel syntax.</summary>
    public static string Assembly(FuzzSlot slot)
    {
        IntelFormatter formatter = new();
        StringOutput output = new();
        for (int i = 0; i < slot.Instructions.Length; i++)
        {
            if (i > 0)
            {
                output.Write("; ", FormatterTextKind.Text);
            }

            formatter.Format(slot.Instructions[i], output);
        }

        return output.ToStringAndReset();
    }

    /// <summary>The instructions, their bytes, and all of the state that is not plain.</summary>
    public static string Of(FuzzCase made)
    {
        StringBuilder text = new();
        text.Append(Assembly(made.Slot)).Append("   (").Append(made.Slot.Code).Append(", ").Append(Convert.ToHexString(made.Slot.Bytes)).Append(')');
        text.Append("\n  flags ").Append(made.Flags.ToString("X", null));
        for (int i = 0; i < 16; i++)
        {
            if (made.Registers[i] != 0)
            {
                text.Append(' ').Append(Register.RAX + i).Append('=').Append(made.Registers[i].ToString("X", null));
            }
        }

        AppendImage(text, made.Image);
        foreach ((ulong at, ulong value) in ((ulong, ulong)[])[made.Patch1, made.Patch2])
        {
            if (at != FuzzCase.Nowhere)
            {
                text.Append($"\n  [{at:X}]={value:X}");
            }
        }

        AppendMemory(text, made.Memory);
        return text.ToString();
    }

    /// <summary>A difference with its case.</summary>
    public static string Of(FoundDifference found) =>
        $"batch {found.Batch} case {found.Index}: {Of(found.Case)}\n    {string.Join("\n    ", found.Fields)}";

    private static void AppendMemory(StringBuilder text, byte[] memory)
    {
        IReadOnlyList<FuzzWindow> windows =
            memory.Length == FuzzLayout.EdgeWindows.Sum(window => window.Bytes) ? FuzzLayout.EdgeWindows : FuzzLayout.WholeWindows;
        int words = 0;
        int at = 0;
        foreach (FuzzWindow window in windows)
        {
            for (int i = 0; i < window.Bytes; i += 8, at += 8)
            {
                ulong value = BitConverter.ToUInt64(memory, at);
                if (value != 0 && words++ < MostWords)
                {
                    text.Append(words % 4 == 1 ? "\n  " : " ").Append($"[{window.At + (ulong)i:X}]={value:X}");
                }
            }
        }

        text.Append(words > MostWords ? $" and {words - MostWords} words more" : "");
    }

    private static void AppendImage(StringBuilder text, byte[] image)
    {
        text.Append($"\n  FCW={BitConverter.ToUInt16(image):X} FSW={BitConverter.ToUInt16(image, 2):X} FTW={image[4]:X} MXCSR={BitConverter.ToUInt32(image, 24):X}");
        foreach ((string name, int start, int count) in ((string, int, int)[])[("ST", FuzzResult.St, 8), ("XMM", FuzzResult.Xmm, 16), ("UPPER", FuzzResult.Upper, 16)])
        {
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> register = image.AsSpan(start + (16 * i), 16);
                if (!register.SequenceEqual(Plain.AsSpan(start + (16 * i), 16)))
                {
                    byte[] reversed = register.ToArray();
                    Array.Reverse(reversed);
                    text.Append($"\n  {name}{i}={Convert.ToHexString(reversed)}");
                }
            }
        }
    }
}
