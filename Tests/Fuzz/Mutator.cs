using Iced.Intel;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Spoils encodings: prefixes that do not belong, bits turned over. What comes out may still be an instruction, or none.</summary>
public sealed class Mutator(FuzzRandom random)
{
    private const int LongestInstruction = 15;
    private const int MostJudgedPrefixes = 5;
    private const int MostFlippedByte = 6;

    private static readonly HashSet<Code> Eligible = [.. FuzzCodes.Eligible];

    /// <summary>Spoils <paramref name="bytes"/>, which lie at <paramref name="rip"/>; false when the result must not be run here.</summary>
    public bool TrySpoil(byte[] bytes, ulong rip, out Instruction instruction, out byte[] spoilt)
    {
        List<byte> list = [.. bytes];
        for (int i = random.Next(3); i >= 0; i--)
        {
            SpoilOnce(list);
        }

        int most = LongestInstruction + 1;
        while (list.Count < most)
        {
            list.Add((byte)random.Bits());
        }

        spoilt = [.. list];
        Decoder decoder = Decoder.Create(64, spoilt, rip, FeatureGate.OptionsOf(HostProcessor.Like(CpuModels.Max)));
        decoder.Decode(out instruction);
        bool tooLong = instruction.IsInvalid && decoder.LastError == DecoderError.NoMoreBytes;
        spoilt = spoilt[..(tooLong ? most : Math.Max(1, instruction.Length))];
        return MayRun(instruction, spoilt);
    }

    private void SpoilOnce(List<byte> bytes)
    {
        if (random.OneIn(2))
        {
            byte prefix = random.Of<byte>([0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, (byte)(0x40 + random.Next(16)), 0x48]);
            bytes.Insert(0, prefix);
        }
        else
        {
            bytes[random.Next(Math.Min(bytes.Count, MostFlippedByte))] ^= (byte)(1 << random.Next(8));
        }
    }

    /// <summary>
    /// Instructions on opmask registers, under VEX: they belong to AVX-512, which the model lacks. A host that has it may run even those that
    /// name registers which do not exist: Zen 4 does, Zen 5 does not.
    /// </summary>
    private static bool IsOpmask(byte[] bytes)
    {
        int at = Array.FindIndex(bytes, code => code is 0xC4 or 0xC5);
        int opcode = at < 0 ? 0 : bytes[at] == 0xC5 ? at + 2 : at + 3;
        if (!HostProcessor.Has("avx512f") || at < 0 || opcode >= bytes.Length)
        {
            return false;
        }

        int map = bytes[at] == 0xC5 ? 1 : bytes[at + 1] & 31;
        return map switch
        {
            1 => bytes[opcode] is (>= 0x41 and <= 0x4B) or (>= 0x90 and <= 0x93) or 0x98 or 0x99,
            3 => bytes[opcode] is >= 0x30 and <= 0x33,
            _ => false,
        };
    }

    /// <summary>LOCK VERW of memory, which Zen 4 runs; no manual says so, and it shows descriptor tables.</summary>
    private static bool IsLockedVerify(byte[] bytes)
    {
        int at = Array.IndexOf(bytes, (byte)0x0F);
        return at > 0 && at + 2 < bytes.Length && bytes[at + 1] == 0 && (bytes[at + 2] >> 3 & 7) == 5 && bytes.AsSpan(0, at).Contains((byte)0xF0);
    }

    /// <summary>VMCALL and VMMCALL with a prefix: a hypervisor answers.</summary>
    private static bool IsHypervisorCall(byte[] bytes)
    {
        int at = Array.IndexOf(bytes, (byte)0x0F);
        return at >= 0 && at + 2 < bytes.Length && bytes[at + 1] == 0x01 && bytes[at + 2] is 0xC1 or 0xD9;
    }

    /// <summary>So many prefixes that the whole may be too long with its operand: which exception comes first is a generation's.</summary>
    private static bool IsLong(byte[] bytes) => bytes.TakeWhile(IsPrefix).Count() >= MostJudgedPrefixes;

    private static bool IsPrefix(byte code) =>
        code is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or (>= 0x40 and <= 0x4F);

    private static bool MayRun(in Instruction instruction, byte[] bytes)
    {
        if (instruction.IsInvalid)
        {
            // What other processors make of these escapes is not this model's.
            return !bytes.Contains((byte)0x62) && !bytes.Contains((byte)0x8F) && !bytes.Contains((byte)0xD5) && !IsOpmask(bytes)
                && !IsHypervisorCall(bytes) && !IsLockedVerify(bytes) && (HostProcessor.IsRecorded || !IsLong(bytes));
        }

        bool near = instruction.FlowControl is not (FlowControl.Next or FlowControl.Exception or FlowControl.Interrupt);
        return Eligible.Contains(instruction.Code) && !near && !BatchMaker.TouchesMuch(instruction.Code)
            && !(instruction.Mnemonic is Mnemonic.Shld or Mnemonic.Shrd && instruction.Op1Register.GetSize() == 2)
            && !CaseTuning.NeedsAlignment(instruction);
    }
}
