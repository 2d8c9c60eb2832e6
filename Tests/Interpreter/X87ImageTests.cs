using Iced.Intel;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>FXSAVE, FXRSTOR, FNSAVE, FRSTOR, FNSTENV, FLDENV and MMX against the processor of the host: whole state and whole image.</summary>
public sealed class X87ImageTests
{
    private const int Seed = 20_261_124;
    private const int Cases = 2_000;
    private const int MxcsrInLine = 8;

    [Theory]
    [InlineData(Code.Fxsave_m512byte)]
    [InlineData(Code.Fxsave64_m512byte)]
    [InlineData(Code.Fxrstor_m512byte)]
    [InlineData(Code.Fxrstor64_m512byte)]
    [InlineData(Code.Fnsave_m108byte)]
    [InlineData(Code.Fnsave_m94byte)]
    [InlineData(Code.Frstor_m108byte)]
    [InlineData(Code.Frstor_m94byte)]
    [InlineData(Code.Fnstenv_m28byte)]
    [InlineData(Code.Fnstenv_m14byte)]
    [InlineData(Code.Fldenv_m28byte)]
    [InlineData(Code.Fldenv_m14byte)]
    public void An_image_has_the_same_bytes_as_on_the_host(Code code)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using HostComparison comparison = new(Seed + (int)code)
        {
            Shape = (image, random) => Shape(code, image, random),
            ShapeMemory = (memory, _) => KeepMxcsrLegal(memory),
            MemoryBytes = HostCpu.MemoryBytes,
        };

        List<string> found = comparison.Differences(code, Cases);

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(Cases - 16);
    }

    /// <summary>Any tags; exceptions are pending wherever the instruction does not wait for them.</summary>
    private static void Shape(Code code, byte[] image, Random random)
    {
        image[4] = (byte)random.Next(256);
        if (code.Mnemonic() is not (Mnemonic.Fldenv or Mnemonic.Frstor))
        {
            image[0] = (byte)random.Next(256);
            image[2] = (byte)random.Next(256);
        }
    }

    /// <summary>Wherever an image of FXRSTOR may begin, its MXCSR has no reserved bit.</summary>
    private static void KeepMxcsrLegal(byte[] memory)
    {
        for (int line = 0; line < memory.Length; line += 16)
        {
            memory[line + MxcsrInLine + 2] = 0;
            memory[line + MxcsrInLine + 3] = 0;
        }
    }
}
