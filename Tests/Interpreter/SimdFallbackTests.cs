using System.Runtime.Intrinsics;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using MmuEmu.Emulator.Interpreter.Vex;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.Oracles;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Where a host's instruction does the work, the portable way gives the same bits.</summary>
public sealed class SimdFallbackTests
{
    private const int Cases = 5_000;
    private readonly Random _random = new(20_261_124);

    [Fact]
    public void A_round_of_AES_by_tables_is_the_one_of_the_standard()
    {
        // Given the state and the round key of FIPS 197, appendix B, after the first AddRoundKey
        V state = Bytes("193DE3BEA0F4E22B9AC68D2AE9F84808");
        V key = Bytes("A0FAFE1788542CB123A339392A6C7605");

        // Then the table of the appendix stands there
        V moved = AesRounds.PortableSubstitute(state);
        moved.ShouldBe(Bytes("D4BF5D30E0B452AEB84111F11E2798E5"));
        (AesRounds.PortableMix(moved) ^ key).ShouldBe(Bytes("A49C7FF2689F352B6B5BEA43026A5049"));
        AesRounds.PortableInverseMix(AesRounds.PortableMix(moved)).ShouldBe(moved);
        AesRounds.PortableInverseSubstitute(moved).ShouldBe(state);
    }

    [Fact]
    public void Each_step_of_AES_is_the_same_by_the_host_and_by_tables()
    {
        for (int i = 0; i < Cases; i++)
        {
            V state = AnyVector();
            AesRounds.Substitute(state).ShouldBe(AesRounds.PortableSubstitute(state));
            AesRounds.InverseSubstitute(state).ShouldBe(AesRounds.PortableInverseSubstitute(state));
            AesRounds.Encrypt(state).ShouldBe(AesRounds.PortableMix(AesRounds.PortableSubstitute(state)));
            AesRounds.Decrypt(state).ShouldBe(AesRounds.PortableInverseMix(AesRounds.PortableInverseSubstitute(state)));
            AesRounds.InverseMix(state).ShouldBe(AesRounds.PortableInverseMix(state));
        }
    }

    [Fact]
    public void Carryless_products_and_byte_shuffles_are_the_same_by_the_host_and_without()
    {
        for (int i = 0; i < Cases; i++)
        {
            (V a, V b) = (AnyVector(), AnyVector());
            CarrylessMultiply.Apply(a, b, 0x10).ShouldBe(CarrylessMultiply.Portable(a.AsUInt64()[0], b.AsUInt64()[1]));
            ShuffleBytes.Apply(a, b).ShouldBe(ShuffleBytes.Portable(a, b));
        }
    }

    [Fact]
    public void Shifts_by_counts_of_their_own_are_the_same_by_the_host_and_without()
    {
        for (int i = 0; i < Cases; i++)
        {
            // Counts on both sides of the element's width, and some with a high bit
            (V a, V counts) = (AnyVector(), AnyVector() & System.Runtime.Intrinsics.Vector128.Create(0x8000_0000_0000_007FUL).AsByte());
            LeftByDoublewords.Apply(a, counts).ShouldBe(LeftByDoublewords.Portable(a, counts));
            RightByDoublewords.Apply(a, counts).ShouldBe(RightByDoublewords.Portable(a, counts));
            SignedRightByDoublewords.Apply(a, counts).ShouldBe(SignedRightByDoublewords.Portable(a, counts));
            LeftByQuadwords.Apply(a, counts).ShouldBe(LeftByQuadwords.Portable(a, counts));
            RightByQuadwords.Apply(a, counts).ShouldBe(RightByQuadwords.Portable(a, counts));
        }
    }

    [Fact]
    public void Fused_results_by_the_host_are_those_of_integer_arithmetic_flags_included()
    {
        for (int i = 0; i < 10 * Cases; i++)
        {
            FusedControl control = (FusedControl)(_random.Next(4) << 2);
            SameFused<DoubleFormat>(FloatPatterns.Double(_random), FloatPatterns.Double(_random), FloatPatterns.Double(_random), control);
            SameFused<SingleFormat>(FloatPatterns.Single(_random), FloatPatterns.Single(_random), FloatPatterns.Single(_random), control);
        }
    }

    [Fact]
    public void A_fused_product_that_an_addend_cancels_keeps_its_last_bit()
    {
        for (int i = 0; i < Cases; i++)
        {
            double a = 1 + (_random.NextDouble() * Math.Pow(2, _random.Next(-60, 60)));
            double b = 1 + (_random.NextDouble() * Math.Pow(2, _random.Next(-60, 60)));
            double near = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(-(a * b)) + (ulong)_random.Next(3) - 1);
            (ulong x, ulong y) = (BitConverter.DoubleToUInt64Bits(a), BitConverter.DoubleToUInt64Bits(b));
            SameFused<DoubleFormat>(x, y, BitConverter.DoubleToUInt64Bits(near), FusedControl.None);
            SameFused<DoubleFormat>(x, y, BitConverter.DoubleToUInt64Bits(near * Math.Pow(2, -_random.Next(120))), FusedControl.None);
        }
    }

    [Fact]
    public void Rounding_by_the_host_is_that_of_integer_arithmetic_flags_included()
    {
        for (int i = 0; i < 10 * Cases; i++)
        {
            uint control = (uint)_random.Next(16);
            SameRounding<DoubleFormat>(FloatPatterns.Double(_random), control);
            SameRounding<SingleFormat>(FloatPatterns.Single(_random), control);
        }
    }

    [Theory]
    [InlineData("simd-crypto", "DOTNET_EnableHWIntrinsic=0")]
    [InlineData("simd-crypto", "DOTNET_EnableAVX2=0")]
    [InlineData("simd-text", "DOTNET_EnableHWIntrinsic=0")]
    public async Task A_guest_prints_the_same_where_the_host_has_no_vector_instructions(string guest, string setting)
    {
        string command = Path.Combine(AppContext.BaseDirectory, "mmuemu.dll");

        HostRun run = await HostProcess.Run(
            "/usr/bin/env", setting, "dotnet", command, "run", "--cpu", "max", GuestFiles.BuiltFileOf(GuestFiles.Find(guest)));

        (run.ExitCode, run.Output).ShouldBe((0, GuestFiles.ExpectedOutputOf(GuestFiles.Find(guest))), run.Errors);
    }

    private static void SameFused<TFormat>(ulong a, ulong b, ulong addend, FusedControl control)
        where TFormat : struct, IFpFormat
    {
        FpContext c = FpContext.OfMxcsr(0x1F80);
        FpContext exact = c;
        ulong result = FusedLane.Apply<TFormat>(a, b, addend, control, ref c);
        (result, c.Flags).ShouldBe((FusedLane.Exact<TFormat>(a, b, addend, control, ref exact), exact.Flags), $"{a:X} {b:X} {addend:X} {control}");
    }

    private static void SameRounding<TFormat>(ulong bits, uint control)
        where TFormat : struct, IFpFormat
    {
        FpContext c = FpContext.OfMxcsr(0x3F80);
        FpContext exact = c;
        FpRounding rounding = (control & 4) != 0 ? c.Rounding : (FpRounding)(control & 3);
        ulong result = SseRound.Lane<TFormat>(bits, control, ref c);
        (result, c.Flags).ShouldBe((SseRound.Exact<TFormat>(bits, rounding, control, ref exact), exact.Flags), $"{bits:X} {control:X}");
    }

    private static V Bytes(string hex) => Vector128.Create(Convert.FromHexString(hex));

    private V AnyVector()
    {
        byte[] bytes = new byte[16];
        _random.NextBytes(bytes);
        return Vector128.Create(bytes);
    }
}
