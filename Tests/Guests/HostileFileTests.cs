using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Guests;

/// <summary>Whatever a file holds, the answer is a refusal or a run that ends; never an exception of ours.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Variants = 120;

    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("hello", 1)]
    [InlineData("hello-pie", 2)]
    public void A_program_with_broken_headers_is_refused_or_runs_to_an_end(string name, int seed)
    {
        byte[] whole = File.ReadAllBytes(GuestFiles.BuiltFileOf(GuestFiles.Find(name)));
        int headers = 64 + (56 * whole[56]);

        ForEachVariant(seed, random =>
        {
            byte[] broken = [.. whole];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                broken[random.Next(headers)] = RandomByte(random);
            }

            return broken;
        });
    }

    [Theory]
    [InlineData("hello", 3)]
    [InlineData("bad-selfmod", 4)]
    public void A_program_with_bytes_changed_anywhere_is_refused_or_runs_to_an_end(string name, int seed)
    {
        byte[] whole = File.ReadAllBytes(GuestFiles.BuiltFileOf(GuestFiles.Find(name)));

        ForEachVariant(seed, random =>
        {
            byte[] broken = [.. whole];
            for (int i = random.Next(1, 400); i > 0; i--)
            {
                broken[random.Next(broken.Length)] = RandomByte(random);
            }

            return broken;
        });
    }

    [Fact]
    public void A_program_cut_short_is_refused_or_runs_to_an_end()
    {
        byte[] whole = File.ReadAllBytes(GuestFiles.BuiltFileOf(GuestFiles.Find("hello")));

        ForEachVariant(5, random => whole[..random.Next(random.Next(2) == 0 ? 200 : whole.Length)]);
    }

    [Fact]
    public void Random_bytes_as_code_run_to_an_end()
    {
        byte[] whole = File.ReadAllBytes(GuestFiles.BuiltFileOf(GuestFiles.Find("hello")));
        ulong entry = BitConverter.ToUInt64(whole, 24);
        int code = (int)(entry & 0xFFF) + 0x1000;

        ForEachVariant(6, random =>
        {
            byte[] noise = [.. whole];
            random.NextBytes(noise.AsSpan(code, 2048));
            return noise;
        });
    }

    public void Dispose() => File.Delete(_file);

    private void ForEachVariant(int seed, Func<Random, byte[]> make)
    {
        Random random = new(seed);
        for (int i = 0; i < Variants; i++)
        {
            File.WriteAllBytes(_file, make(random));
            Should.NotThrow(RunIt, $"variant {i} of seed {seed}");
        }
    }

    private void RunIt()
    {
        KernelOptions options = new()
        {
            Program = _file,
            Arguments = [_file],
            RamBytes = 16 << 20,
            MaxInstructions = 50_000,
            HostRoot = null,
            Input = new BytesInput(default),
        };
        if (KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure))
        {
            using (kernel)
            {
                kernel.Run().Reason.ShouldNotBe(EndReason.Paused);
            }
        }
        else
        {
            failure.Message.ShouldNotBeEmpty();
        }
    }

    private static byte RandomByte(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => 0xFF,
        2 => (byte)(1 << random.Next(8)),
        _ => (byte)random.Next(256),
    };
}
