using Iced.Intel;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Decode;

/// <summary>Bytes that are no instruction: whether that is known before the next page, and whether they are too many.</summary>
/// <param name="window">The bytes that are decoded: a page's, and behind them room for one instruction.</param>
internal sealed class WrongEncodings(byte[] window)
{
    /// <summary>Most bytes of an instruction.</summary>
    public const int LongestInstruction = 15;

    /// <summary>VEX.W in the third byte of the long form.</summary>
    public const byte Wide = 0x80;

    private const byte Undefined1 = 0xB9;

    /// <summary>With fewer prefixes no instruction is too long.</summary>
    private const int FewestPrefixes = 3;

    /// <summary>A segment prefix, which means nothing, and those that choose among the instructions of an opcode.</summary>
    private static readonly byte[] Mandatory = [0x2E, 0x66, 0xF2, 0xF3];

    private readonly byte[] _trial = new byte[2 * LongestInstruction];

    /// <summary>Where VEX.W stands when the bytes are VPERMQ or VPERMPD by an immediate without it; -1 when they are not.</summary>
    public static int WideBitOf(ReadOnlySpan<byte> code)
    {
        int at = 0;
        while (at < LongestInstruction && at + 3 < code.Length && code[at] is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x67)
        {
            at++;
        }

        bool permute = at + 3 < code.Length && code[at] == 0xC4 && (code[at + 1] & 31) == 3 && code[at + 3] is 0 or 1;
        return permute && (code[at + 2] & Wide) == 0 ? at + 2 : -1;
    }

    /// <summary>True when the last bytes of the page, up to <paramref name="inPage"/>, hold an opcode that no further byte makes an instruction.</summary>
    /// <remarks>
    /// The opcode alone is judged, whatever 66H, F2H and F3H make of it, and a wrong LOCK when the instruction is whole: so do AMD's
    /// processors; of Intel's it is not known. Opcodes of the longer maps, and of VEX and its kin, are left to the next page; two are VIA's.
    /// </remarks>
    public bool IsHopeless(CpuModel model, int inPage)
    {
        int opcode = 0;
        while (opcode < inPage && IsPrefix(window[opcode]))
        {
            opcode++;
        }

        if (IsBareUndefined(model, opcode, inPage) || IsNoMap(model, opcode, inPage))
        {
            return true;
        }

        bool two = opcode + 1 < inPage && window[opcode] == 0x0F && window[opcode + 1] is not (0x0F or 0x38 or 0x3A);
        bool one = opcode < inPage && window[opcode] is not (0x0F or 0x62 or 0x8F or 0xC4 or 0xC5);
        bool other = two && window[opcode + 1] is 0xA6 or 0xA7;
        for (int next = 0; next < 256 && (one || two) && !other; next++)
        {
            if (LongestOf(model, window.AsSpan(opcode, inPage - opcode), (byte)next, Mandatory) != 0)
            {
                return false;
            }
        }

        return one || two;
    }

    /// <summary>True when the bytes at <paramref name="at"/>, which are no instruction with their prefixes, are one without and then too long with them.</summary>
    /// <remarks>As AMD's processors do: the length is judged first. Of Intel's it is not known.</remarks>
    public bool IsTooLongInstead(CpuModel model, int at)
    {
        int opcode = at;
        while (opcode - at < LongestInstruction && opcode < window.Length && IsPrefix(window[opcode]))
        {
            opcode++;
        }

        if (opcode - at < FewestPrefixes || opcode == window.Length)
        {
            return false;
        }

        // Among opcodes of one byte 66H chooses none, but the length of an immediate.
        bool narrow = window.AsSpan(at, opcode - at).Contains((byte)0x66);
        ReadOnlySpan<byte> prefixes = window[opcode] == 0x0F ? Mandatory : narrow ? Mandatory.AsSpan(1, 1) : Mandatory.AsSpan(0, 1);
        int left = Math.Min(LongestInstruction, window.Length - opcode);
        return LongestOf(model, window.AsSpan(opcode, left), 0, prefixes) + opcode - at > LongestInstruction;
    }

    /// <summary>Bytes of the instruction that <paramref name="code"/> and <paramref name="next"/> behind it begin under one of <paramref name="prefixes"/>, without it; 0 when they begin none.</summary>
    private int LongestOf(CpuModel model, ReadOnlySpan<byte> code, byte next, ReadOnlySpan<byte> prefixes)
    {
        DecoderOptions options = FeatureGate.OptionsOf(model) | DecoderOptions.NoInvalidCheck;
        int longest = 0;
        foreach (byte prefix in prefixes)
        {
            _trial.AsSpan().Clear();
            _trial[0] = prefix;
            code.CopyTo(_trial.AsSpan(1));
            _trial[1 + code.Length] = next;
            Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(_trial), options);
            decoder.Decode(out Instruction instruction);
            longest = instruction.IsInvalid ? longest : Math.Max(longest, instruction.Length - 1);
        }

        return longest;
    }

    /// <summary>True when the 15 bytes at <paramref name="at"/> are no instruction only because more would have to follow.</summary>
    /// <remarks>
    /// Without a first prefix or several, what is left is then an instruction, or again too long; a LOCK that is wrong counts as right here,
    /// because the length is judged first.
    /// </remarks>
    public bool IsTooLong(CpuModel model, int at)
    {
        int prefixes = 0;
        while (prefixes < LongestInstruction && IsPrefix(window[at + prefixes]))
        {
            prefixes++;
        }

        if (prefixes == LongestInstruction || IsBareUndefined(model, at + prefixes, at + LongestInstruction))
        {
            return prefixes == LongestInstruction;
        }

        for (int i = 1; i < LongestInstruction; i++)
        {
            int length = Math.Min(LongestInstruction, window.Length - at - i);
            Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(window, at + i, length), FeatureGate.OptionsOf(model) | DecoderOptions.NoInvalidCheck);
            decoder.Decode(out Instruction rest);
            if (!rest.IsInvalid || rest.Length < LongestInstruction)
            {
                return decoder.LastError == DecoderError.NoMoreBytes || (!rest.IsInvalid && i + rest.Length > LongestInstruction);
            }
        }

        return true;
    }

    /// <summary>UD1, which has no operand on some processors: the decoder gives it one on all. UD0 it knows.</summary>
    private bool IsBareUndefined(CpuModel model, int opcode, int end) =>
        model.Has(CpuHabits.UndefinedWithoutOperand) && opcode + 1 < end && window[opcode] == 0x0F && window[opcode + 1] == Undefined1;

    private bool IsNoMap(CpuModel model, int opcode, int end) =>
        model.Has(CpuHabits.EvexMapComesFirst) && opcode + 1 < end && window[opcode] == 0x62 && (window[opcode + 1] & 7) == 0;

    private static bool IsPrefix(byte code) =>
        code is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or (>= 0x40 and <= 0x4F);
}
