using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MmuEmu.Emulator.Interpreter.Simd;

namespace MmuEmu.Tests.Interpreter;

/// <summary>RCPPS and RSQRTPS: within the manual's bound of the exact value, and on a host of AMD's Zen family the same bits.</summary>
public sealed class ReciprocalTests
{
    private const double Bound = 1.5 / 4096;
    private const uint ZenReciprocalOfOne = 0x3F7F_F000;
    private const uint ZenRootOfOne = 0x3F7F_F800;

    [Fact]
    public void A_reciprocal_is_within_the_bound_of_the_manual()
    {
        foreach (uint source in Sources().Where(bits => (bits & 0x7F80_0000) is > 0x0080_0000 and < 0x7E80_0000))
        {
            double exact = 1.0 / BitConverter.UInt32BitsToSingle(source);
            double found = BitConverter.UInt32BitsToSingle(SseReciprocal.Approximate<SseReciprocal.Reciprocal<SseReciprocal.Long>>(source));
            Math.Abs((found / exact) - 1).ShouldBeLessThan(Bound, $"1 / {source:X8}");
        }
    }

    [Fact]
    public void A_reciprocal_root_is_within_the_bound_of_the_manual()
    {
        foreach (uint source in Sources().Where(bits => bits is > 0x0080_0000 and < 0x7F80_0000))
        {
            double exact = 1.0 / Math.Sqrt(BitConverter.UInt32BitsToSingle(source));
            double found = BitConverter.UInt32BitsToSingle(SseReciprocal.Approximate<SseReciprocal.ReciprocalRoot<SseReciprocal.Long>>(source));
            Math.Abs((found / exact) - 1).ShouldBeLessThan(Bound, $"1 / sqrt {source:X8}");
        }
    }

    [Fact]
    public void On_a_host_of_the_Zen_family_all_bits_are_the_hosts()
    {
        if (!Sse.IsSupported || Reciprocal(0x3F80_0000) != ZenReciprocalOfOne || Root(0x3F80_0000) != ZenRootOfOne)
        {
            // Another processor's tables: the bound is all that can be compared.
            return;
        }

        foreach (uint source in Sources())
        {
            SseReciprocal.Approximate<SseReciprocal.Reciprocal<SseReciprocal.Long>>(source).ShouldBe(Reciprocal(source), $"1 / {source:X8}");
            SseReciprocal.Approximate<SseReciprocal.ReciprocalRoot<SseReciprocal.Long>>(source).ShouldBe(Root(source), $"1 / sqrt {source:X8}");
        }
    }

    /// <summary>Every table entry at every other exponent, with noise below it; and the special numbers of both signs.</summary>
    private static IEnumerable<uint> Sources()
    {
        uint noise = 1;
        for (uint exponent = 0; exponent < 256; exponent += 3)
        {
            for (uint index = 0; index < 4096; index += 5)
            {
                noise = (noise * 1664525) + 1013904223;
                yield return (noise & 0x8000_0000) | (exponent << 23) | (index << 11) | ((noise >> 8) & 0x7FF);
            }
        }

        foreach (uint special in new uint[] { 0, 1, 0x7F_FFFF, 0x80_0000, 0x7E80_0000, 0x7F00_0000, 0x7F80_0000, 0x7F80_0001, 0x7FC0_0000, 0x7FFF_FFFF })
        {
            yield return special;
            yield return special | 0x8000_0000;
        }
    }

    private static uint Reciprocal(uint source) => Sse.ReciprocalScalar(Vector128.CreateScalar(source).AsSingle()).AsUInt32()[0];

    private static uint Root(uint source) => Sse.ReciprocalSqrtScalar(Vector128.CreateScalar(source).AsSingle()).AsUInt32()[0];
}
