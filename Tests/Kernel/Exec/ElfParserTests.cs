using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Exec;

/// <summary>Files that are programs, and all kinds that are not.</summary>
public sealed class ElfParserTests
{
    private static readonly byte[] Good = AssembledGuest.Build(a => a.Call(231, 0));

    [Theory]
    [InlineData("hello", false)]
    [InlineData("hello-glibc", false)]
    [InlineData("hello-pie", true)]
    public void A_static_program_is_taken_as_it_is(string name, bool positionIndependent)
    {
        byte[] file = File.ReadAllBytes(GuestFiles.BuiltFileOf(GuestFiles.Find(name)));

        ElfParser.TryParse(new BytesContent(file), out ElfImage? image, out ElfRefusal refusal).ShouldBeTrue(refusal.ToString());

        image!.PositionIndependent.ShouldBe(positionIndependent);
        image.ProgramHeaders.ShouldBe(image.Segments[0].Address + 64);
    }

    [Theory]
    [InlineData(0, 0x7E, ElfProblem.NotElf)]
    [InlineData(4, 1, ElfProblem.ThirtyTwoBit)]
    [InlineData(5, 2, ElfProblem.WrongEncoding)]
    [InlineData(18, 40, ElfProblem.OtherMachine)]
    [InlineData(16, 1, ElfProblem.NotExecutable)]
    [InlineData(54, 32, ElfProblem.BadProgramHeaders)]
    [InlineData(33, 0xFF, ElfProblem.BadProgramHeaders)]
    [InlineData(56, 0, ElfProblem.NoSegments)]
    [InlineData(64, 3, ElfProblem.BadInterpreterName)]
    [InlineData(98, 0xFF, ElfProblem.BadSegment)]
    [InlineData(80, 0x80, ElfProblem.MisalignedSegment)]
    [InlineData(82, 0x00, ElfProblem.LowSegment)]
    [InlineData(26, 0x90, ElfProblem.BadEntry)]
    public void One_wrong_byte_is_refused_for_its_own_reason(int offset, int value, ElfProblem expected)
    {
        byte[] file = [.. Good];
        file[offset] = (byte)value;
        ElfParser.TryParse(new BytesContent(file), out _, out ElfRefusal refusal).ShouldBeFalse();

        refusal.Problem.ShouldBe(expected);
        Words(refusal).ShouldNotEndWith(": ");
    }

    [Theory]
    [InlineData(0, ElfProblem.NotElf)]
    [InlineData(3, ElfProblem.NotElf)]
    [InlineData(63, ElfProblem.TruncatedHeader)]
    [InlineData(100, ElfProblem.BadProgramHeaders)]
    public void A_file_cut_short_is_refused_where_it_ends(int length, ElfProblem expected)
    {
        ElfParser.TryParse(new BytesContent(Good[..length]), out _, out ElfRefusal refusal).ShouldBeFalse();

        refusal.Problem.ShouldBe(expected);
        Words(refusal).ShouldNotEndWith(": ");
    }

    [Fact]
    public void A_dynamic_program_without_the_hosts_files_is_refused_by_the_name_of_its_interpreter()
    {
        Assert.SkipUnless(File.Exists("/bin/ls"), "the host has no /bin/ls");

        bool built = KernelBuilder.TryBuild(GuestRun.Options("/bin/ls") with { HostRoot = null }, out _, out BootFailure? failure);

        built.ShouldBeFalse();
        failure!.Elf.ShouldBe(ElfProblem.NoInterpreter);
        failure.Message.ShouldContain("/lib64/ld-linux-x86-64.so.2");
    }

    [Theory]
    [InlineData("/nowhere/at/all", BootFailureKind.ProgramNotFound)]
    [InlineData("/", BootFailureKind.ProgramNotFound)]
    public void A_program_that_is_not_there_is_said_to_be_so(string path, BootFailureKind expected)
    {
        KernelBuilder.TryBuild(GuestRun.Options(path), out _, out BootFailure? failure).ShouldBeFalse();

        failure!.Kind.ShouldBe(expected);
    }

    [Fact]
    public void A_machine_too_small_for_the_program_is_said_to_be_so()
    {
        // 1 MiB holds the kernel's tables, but not 64 MiB of arguments' worth of stack.
        string[] arguments = Enumerable.Repeat(new string('x', 100_000), 12).ToArray();
        KernelOptions options = GuestRun.Options(GuestFiles.BuiltFileOf(GuestFiles.Find("hello"))) with
        {
            RamBytes = 1 << 20,
            Arguments = arguments,
        };

        KernelBuilder.TryBuild(options, out _, out BootFailure? failure).ShouldBeFalse();

        failure!.Kind.ShouldBe(BootFailureKind.RamTooSmall);
    }

    [Fact]
    public void No_damage_to_a_file_throws_whatever_the_program_then_does()
    {
        byte[] good = File.ReadAllBytes(GuestFiles.BuiltFileOf(GuestFiles.Find("hello")));
        SeededRandom random = new(2026);
        int started = 0;
        for (int round = 0; round < 200; round++)
        {
            byte[] file = Damaged(good, random);
            started += TryRun(file) ? 1 : 0;
        }

        started.ShouldBeInRange(1, 199);
    }

    [Fact]
    public void Random_bytes_as_code_end_in_a_signal_or_at_the_limit_and_never_throw()
    {
        SeededRandom random = new(7);
        for (int round = 0; round < 300; round++)
        {
            byte[] code = new byte[256];
            random.Fill(code);
            TryRun(AssembledGuest.Build(code)).ShouldBeTrue();
        }
    }

    private static string Words(ElfRefusal refusal) => ElfText.Of(refusal.Problem, refusal.Found, refusal.Interpreter);

    private static byte[] Damaged(byte[] good, SeededRandom random)
    {
        byte[] file = [.. good];
        ulong kind = random.Next() % 4;
        int span = kind == 0 ? file.Length : 0x200;
        for (ulong flips = (random.Next() % 8) + 1; flips > 0; flips--)
        {
            file[(int)(random.Next() % (ulong)span)] = (byte)random.Next();
        }

        return kind == 3 ? file[..(int)(random.Next() % (ulong)file.Length)] : file;
    }

    /// <summary>Runs for a while; false when the file was refused.</summary>
    private static bool TryRun(byte[] file)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, file);
        KernelOptions options = GuestRun.Options(path) with { RamBytes = 4 << 20, MaxInstructions = 50_000, Trace = null, HostRoot = null };
        bool built = KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure);
        File.Delete(path);
        if (!built)
        {
            failure!.Message.ShouldNotBeEmpty();
            return false;
        }

        using (kernel)
        {
            kernel!.Run().Reason.ShouldNotBe(EndReason.Paused);
        }

        return true;
    }
}
