using System.Globalization;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Run;

/// <summary>Reads pressure rules as they are typed.</summary>
/// <remarks>
/// <code>
///  rule    = when ":" what
///  when    = "at" "insn" N | "every" N "insns" | "at" "syscall" NAME ["#" K] ("entry" | "return") | "at" "mark" NAME ["#" K]
///          | "at" "copy" ["#" K] (POINT ["#" K] | "byte" N)
///  what    = "reclaim" N ["frames"] | "purge" | "age" | "fail" ("nodes" | "copies" | "splits" | "tables") N ["after" N] | "free" "run" | "evict" | "hold" "until" NAME
/// </code>
/// Only at a copy there is something to evict or to hold.
/// Without "#K" a rule acts at every occurrence.
/// </remarks>
public static class PressureRuleParser
{
    private const ulong MostBytes = 4095;

    /// <summary>The rule that <paramref name="text"/> names.</summary>
    /// <param name="text">One rule.</param>
    /// <param name="rule">Out: the rule, when the result is true.</param>
    /// <param name="error">Out: where and why not, when the result is false.</param>
    public static bool TryParse(string text, out PressureRule rule, out PressureError error)
    {
        Words words = new(text);
        error = default;
        if (!TryWhen(words, out rule) || !words.TryTake(":", PressureWord.Colon) || !TryWhat(words, ref rule) || !words.AtEnd())
        {
            error = words.Error;
            return false;
        }

        return true;
    }

    private static bool TryWhen(Words words, out PressureRule rule)
    {
        rule = default;
        string first = words.Take();
        if (first == "every")
        {
            bool every = words.TryNumber(PressureWord.Period, out ulong period)
                && (words.TryTake("insns", PressureWord.Insns) || words.TryTakeInstead("insn"));
            rule = new PressureRule(PressureTrigger.EveryInstructions, default) { Count = period };
            return every;
        }

        if (first != "at")
        {
            return words.Refuse(PressureWord.When);
        }

        string where = words.Take();
        if (where == "copy" || where.StartsWith("copy#", StringComparison.Ordinal))
        {
            return TryCopy(words, where, out rule);
        }

        return where switch
        {
            "insn" => TryInstruction(words, out rule),
            "syscall" => TrySyscall(words, out rule),
            "mark" => TryNamed(words, PressureTrigger.Mark, out rule),
            _ => words.Refuse(PressureWord.Point),
        };
    }

    private static bool TryInstruction(Words words, out PressureRule rule)
    {
        bool understood = words.TryNumber(PressureWord.InstructionCount, out ulong count);
        rule = new PressureRule(PressureTrigger.Instruction, default) { Count = count };
        return understood;
    }

    private static bool TrySyscall(Words words, out PressureRule rule)
    {
        if (!TryNamed(words, PressureTrigger.SyscallReturn, out rule))
        {
            return false;
        }

        string phase = words.Take();
        if (phase == "entry")
        {
            rule = rule with { Trigger = PressureTrigger.SyscallEntry };
            return true;
        }

        return phase == "return" || words.Refuse(PressureWord.Phase);
    }

    private static bool TryCopy(Words words, string where, out PressureRule rule)
    {
        rule = new PressureRule(PressureTrigger.Copy, default);
        if (!TryNumbered(where, out string _, out ulong copy))
        {
            return words.Refuse(PressureWord.Point);
        }

        string word = words.Take();
        if (word == "byte")
        {
            bool understood = words.TryNumber(PressureWord.ByteCount, out ulong at);
            rule = rule with { Count = copy, Name = CopyPointNames.MidCopy, Byte = (int)Math.Min(at, int.MaxValue) };
            return understood && (at <= MostBytes || words.Refuse(PressureWord.ByteCount));
        }

        bool known = TryNumbered(word, out string name, out ulong pass) && CopyPointNames.IsNamed(name);
        rule = rule with { Count = copy, Name = name, Pass = pass };
        return known || words.Refuse(PressureWord.CopyPoint);
    }

    /// <summary>A word with "#K" behind it, or without: 0 then.</summary>
    private static bool TryNumbered(string word, out string name, out ulong number)
    {
        string[] parts = word.Split('#', 2);
        (name, number) = (parts[0], 0);
        return parts.Length == 1 || (ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0);
    }

    private static bool TryNamed(Words words, PressureTrigger trigger, out PressureRule rule)
    {
        string word = words.Take();
        string[] parts = word.Split('#', 2);
        ulong count = 0;
        bool understood = parts[0].Length > 0 && parts[0] != ":"
            && (parts.Length == 1 || (ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0));
        rule = new PressureRule(trigger, default) { Name = parts[0], Count = count };
        return understood || words.Refuse(PressureWord.Name);
    }

    private static bool TryWhat(Words words, ref PressureRule rule)
    {
        switch (words.Take())
        {
            case "purge":
                rule = rule with { Action = PressureAction.Purge };
                return true;
            case "age":
                rule = rule with { Action = PressureAction.Age };
                return true;
            case "reclaim":
                bool understood = words.TryNumber(PressureWord.FrameCount, out ulong frames);
                rule = rule with { Action = PressureAction.Reclaim, Frames = frames };
                return understood && (words.TryTakeInstead("frames") || words.TryTakeInstead("frame") || words.AtEnd());
            case "fail":
                return TryFail(words, ref rule);
            case "free":
                rule = rule with { Action = PressureAction.Free };
                return words.TryTake("run", PressureWord.Run);
            case "evict" when rule.Trigger == PressureTrigger.Copy:
                rule = rule with { Action = PressureAction.Evict };
                return true;
            case "hold" when rule.Trigger == PressureTrigger.Copy:
                return TryHold(words, ref rule);
            default:
                return words.Refuse(PressureWord.Action);
        }
    }

    private static bool TryFail(Words words, ref PressureRule rule)
    {
        string typed = words.Take();
        foreach (FailKind kind in Enum.GetValues<FailKind>())
        {
            if (PressureRule.NameOf(kind) == typed)
            {
                ulong after = 0;
                bool understood = words.TryNumber(PressureWord.AllocationCount, out ulong count)
                    && (!words.TryTakeInstead("after") || words.TryNumber(PressureWord.AllocationCount, out after));
                rule = rule with { Action = PressureAction.Fail, What = kind, Allocations = count, After = after };
                return understood;
            }
        }

        return words.Refuse(PressureWord.FailKind);
    }

    private static bool TryHold(Words words, ref PressureRule rule)
    {
        if (!words.TryTake("until", PressureWord.Until))
        {
            return false;
        }

        string mark = words.Take();
        rule = rule with { Action = PressureAction.Hold, Until = mark };
        return (mark.Length > 0 && mark != ":") || words.Refuse(PressureWord.MarkName);
    }

    /// <summary>The words of a rule one by one; a colon is a word of its own.</summary>
    private sealed class Words(string text)
    {
        private int _at;
        private int _start;
        private string _word = "";

        public PressureError Error { get; private set; }

        public string Take()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }

            _start = _at;
            while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && (text[_at] != ':' || _at == _start))
            {
                _at++;
                if (text[_start] == ':')
                {
                    break;
                }
            }

            return _word = text[_start.._at];
        }

        public bool Refuse(PressureWord expected)
        {
            Error = new PressureError(_start, _word, expected);
            return false;
        }

        public bool TryTake(string word, PressureWord expected) => Take() == word || Back(Refuse(expected));

        public bool TryTakeInstead(string word)
        {
            if (Take() == word)
            {
                return true;
            }

            _at = _start;
            return false;
        }

        public bool TryNumber(PressureWord expected, out ulong number) =>
            (ulong.TryParse(Take(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0) || Refuse(expected);

        public bool AtEnd() => Take().Length == 0 || Refuse(PressureWord.End);

        private bool Back(bool result)
        {
            _at = _start;
            return result;
        }
    }
}
