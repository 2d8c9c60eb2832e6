using Iced.Intel;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Every x87 instruction against the processor of the host: registers, status, tags, memory, flags.</summary>
public sealed class X87OracleTests
{
    private const int Seed = 20_261_122;
    private static readonly int CasesPerForm = int.TryParse(Environment.GetEnvironmentVariable("MMUEMU_X87_CASES"), out int more) ? more : 320;

    /// <summary>What is not compared, and why.</summary>
    private static readonly Dictionary<Mnemonic, string> Excluded = new()
    {
        [Mnemonic.Fstcw] = "two instructions, WAIT and FNSTCW",
        [Mnemonic.Fstsw] = "two instructions",
        [Mnemonic.Fstenv] = "two instructions",
        [Mnemonic.Fsave] = "two instructions",
        [Mnemonic.Fclex] = "two instructions",
        [Mnemonic.Finit] = "two instructions",
        [Mnemonic.Feni] = "two instructions",
        [Mnemonic.Fdisi] = "two instructions",
        [Mnemonic.Fsetpm] = "two instructions",
        [Mnemonic.F2xm1] = "transcendental, as those that follow: X87TranscendentalTests",
        [Mnemonic.Fyl2x] = "transcendental",
        [Mnemonic.Fyl2xp1] = "transcendental",
        [Mnemonic.Fsin] = "transcendental",
        [Mnemonic.Fcos] = "transcendental",
        [Mnemonic.Fsincos] = "transcendental",
        [Mnemonic.Fptan] = "transcendental",
        [Mnemonic.Fpatan] = "transcendental",
    };

    [Theory]
    [InlineData(StackFill.Full)]
    [InlineData(StackFill.Random)]
    public void Every_instruction_leaves_the_same_bits_as_on_the_host(StackFill fill)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using HostComparison comparison = new(Seed + (int)fill)
        {
            Shape = (image, random) => Shape(image, random, fill),
        };
        List<string> found = [];

        CpuidFeature[] features = [CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387, CpuidFeature.CMOV, CpuidFeature.SSE3];
        foreach (Code code in InstructionForms.CodesOf(features).Where(IsX87).Where(code => !Excluded.ContainsKey(code.Mnemonic())))
        {
            found.AddRange(comparison.Differences(code, CasesPerForm));
        }

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(30_000);
    }

    public enum StackFill
    {
        /// <summary>All eight registers, or all but the one a push needs.</summary>
        Full,

        /// <summary>Any tags: stack faults are frequent.</summary>
        Random,
    }

    private static bool IsX87(Code code) => code.ToString().StartsWith('F');

    /// <summary>Random tags, rounding, precision, masks.</summary>
    private static void Shape(byte[] image, Random random, StackFill fill)
    {
        int top = random.Next(8);
        int precision = random.Next(3) switch { 0 => 0x300, 1 => 0x200, _ => 0x000 };
        precision = random.Next(3) == 0 ? precision : 0x300;
        int masks = random.Next(4) == 0 ? random.Next(64) : 0x3F;
        int flags = random.Next(2) == 0 ? 0 : random.Next(64) & masks;
        BitConverter.TryWriteBytes(image, (ushort)(0x40 | masks | precision | (random.Next(4) << 10)));
        int codes = random.Next(2) == 0 ? 0 : (random.Next(8) << 8) | (random.Next(2) << 14);
        BitConverter.TryWriteBytes(image.AsSpan(2), (ushort)((top << 11) | flags | codes));
        image[4] = fill switch
        {
            StackFill.Full => (byte)(random.Next(2) == 0 ? 0xFF : 0xFF ^ (1 << ((top + 7) & 7))),
            StackFill.Random => (byte)random.Next(256),
        };
    }
}
