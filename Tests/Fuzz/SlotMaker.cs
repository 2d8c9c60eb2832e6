using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Makes the code of slots: an instruction, often alone, sometimes after one or two others.</summary>
public sealed class SlotMaker(FuzzRandom random)
{
    private const int MostTries = 200;
    private const int MostBytes = FuzzLayout.Landing - 5;

    private static readonly Code[] Openers =
        [.. FuzzCodes.Eligible.Where(code => code.FlowControl() == FlowControl.Next && !code.IsPrivileged() && IsPlain(code))];

    /// <summary>What sets flags for a condition: the pairs that decoders fuse among them.</summary>
    private static readonly Code[] Testers =
        [.. Openers.Where(code => code.Mnemonic() is Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Sub or Mnemonic.Add or Mnemonic.Dec or Mnemonic.Inc or Mnemonic.And)];

    private readonly InstructionMaker _maker = new(random);
    private readonly Mutator _mutator = new(random);

    /// <summary>Makes a slot at <paramref name="at"/> that ends with <paramref name="code"/>.</summary>
    public FuzzSlot Make(Code code, ulong at)
    {
        int before = MayFollow(code) ? random.Next(8) switch { 0 => 1, 1 => 2, _ => 0 } : 0;
        bool conditional = code.ConditionCode() != ConditionCode.None;
        before = conditional && before == 0 ? random.Next(2) : before;
        List<Instruction> instructions = [];
        List<byte> bytes = [];
        for (int i = 0; i < before; i++)
        {
            TryAdd(random.Of<Code>(conditional && !random.OneIn(3) ? Testers : Openers), at, instructions, bytes, IsPlain);
        }

        for (int tries = 0; !TryAdd(code, at, instructions, bytes, _ => true); tries++)
        {
            if (tries == MostTries)
            {
                throw new InvalidOperationException($"no operands make {code} an instruction");
            }
        }

        return new FuzzSlot(code, [.. instructions], [.. bytes]);
    }

    /// <summary>Makes a slot at <paramref name="at"/> with an encoding of <paramref name="code"/> that is spoilt.</summary>
    public FuzzSlot MakeSpoilt(Code code, ulong at)
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            if (_maker.TryMake(code, at, at + FuzzLayout.Landing, out _, out byte[] bytes)
                && _mutator.TrySpoil(bytes, at, out Instruction instruction, out byte[] spoilt))
            {
                instruction.IP = at;
                return new FuzzSlot(instruction.Code, [instruction], spoilt);
            }
        }

        return Make(code, at);
    }

    private bool TryAdd(Code code, ulong at, List<Instruction> instructions, List<byte> bytes, Predicate<Instruction> wanted)
    {
        ulong rip = at + (ulong)bytes.Count;
        if (!_maker.TryMake(code, rip, at + FuzzLayout.Landing, out Instruction instruction, out byte[] encoded)
            || bytes.Count + encoded.Length > MostBytes || !wanted(instruction))
        {
            return false;
        }

        instructions.Add(instruction);
        bytes.AddRange(encoded);
        return true;
    }

    /// <summary>False when the instruction's operands must stay as they were drawn.</summary>
    private static bool MayFollow(Code code) =>
        FuzzFeatures.GroupOf(code) != "XSAVE" && !CaseTuning.NeedsAlignment(new Instruction { Code = code });

    private static bool IsPlain(Code code)
    {
        Instruction instruction = new() { Code = code };
        return !instruction.IsStringInstruction && !instruction.IsVsib && FuzzTolerances.Of(code.Mnemonic()).Count == 0
            && !CaseTuning.NeedsAlignment(instruction) && FuzzFeatures.GroupOf(code) is not ("XSAVE" or "x87");
    }

    /// <summary>Leaves nothing undefined that a following instruction could read.</summary>
    private static bool IsPlain(Instruction instruction) =>
        instruction.RflagsUndefined == RflagsBits.None
        && instruction.Mnemonic is not (Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror
            or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd);
}
