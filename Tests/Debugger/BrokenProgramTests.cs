using MmuEmu.Guests;

namespace MmuEmu.Tests.Debugger;

/// <summary>Files and code that nobody sane made: the command answers every one of them.</summary>
public sealed class BrokenProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-test").FullName;

    [Fact]
    public void Two_hundred_corrupted_ELF_files_end_in_an_answer()
    {
        GuestCatalogue.TryFindFile("hello", out string? path).ShouldBeTrue();
        byte[] good = File.ReadAllBytes(path);
        for (int seed = 0; seed < 200; seed++)
        {
            ShouldAnswer(Corrupt(good, new Random(seed)), $"seed {seed}");
        }
    }

    [Fact]
    public void Random_bytes_as_code_end_in_an_answer()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] code = new byte[512];
            new Random(seed).NextBytes(code);
            ShouldAnswer(TinyElf.Around(code), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(119)]
    [InlineData(4096)]
    public void A_file_cut_short_is_refused(int length)
    {
        GuestCatalogue.TryFindFile("hello", out string? path).ShouldBeTrue();
        CommandResult result = RunFile(File.ReadAllBytes(path)[..length]);

        result.Status.ShouldBe(127);
        result.Error.ShouldContain("try: ");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Bytes of the headers, of the code and anywhere, set, flipped, or the tail cut off.</summary>
    private static byte[] Corrupt(byte[] good, Random random)
    {
        byte[] bad = (byte[])good.Clone();
        int region = random.Next(3) switch { 0 => 64, 1 => 1024, _ => bad.Length };
        for (int i = random.Next(1, 9); i > 0; i--)
        {
            bad[random.Next(Math.Min(region, bad.Length))] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)0xFF;
        }

        return random.Next(8) == 0 ? bad[..random.Next(bad.Length)] : bad;
    }

    private void ShouldAnswer(byte[] file, string which)
    {
        CommandResult result = RunFile(file);

        result.Status.ShouldNotBe(125, $"{which}: {result.Error}");
        result.Error.ShouldNotContain("   at MmuEmu", Case.Sensitive, which);
    }

    private CommandResult RunFile(byte[] file)
    {
        string path = Path.Combine(_folder, "guest");
        File.WriteAllBytes(path, file);
        return CommandHarness.Run("run", "--ram", "8M", "--max-insns", "300000", path);
    }
}
