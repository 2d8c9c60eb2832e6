using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Exec;

/// <summary>Programs that name an interpreter: it is found in the guest's files, mapped beside the program, and starts first.</summary>
public sealed class InterpreterTests : IDisposable
{
    private const ulong ProgramBase = 0x5555_5555_4000;
    private const ulong MmapTop = 0x7FFF_F7FF_F000;

    private static readonly ElfHeader Text = new(5, 0, 0, 0x1200, 0x1200);

    private readonly string _folder = Directory.CreateTempSubdirectory("interpreter").FullName;

    private string ProgramPath => Path.Combine(_folder, "program");

    private string InterpreterPath => Path.Combine(_folder, "ld.so");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, ProgramBase)]
    [InlineData(false, 0x40_0000)]
    public void The_interpreter_starts_first_and_is_told_where_the_program_is(bool positionIndependent, ulong programStart)
    {
        ulong address = positionIndependent ? 0UL : 0x40_0000;
        Write(ProgramPath, new HandMadeElf
        {
            PositionIndependent = positionIndependent,
            Entry = address + 0x1000,
            Interpreter = InterpreterPath,
            Segments = [Text with { Address = address }],
        }.Build(a => a.Call(231, 99)));
        Write(InterpreterPath, Interpreter(PrintStack));

        GuestRun run = GuestRun.Of(ProgramPath);

        run.Result.ExitCode.ShouldBe(0);
        Dictionary<ulong, ulong> auxiliary = AuxiliaryOf(run.Output.Written);
        auxiliary[7].ShouldBe(MmapTop - 0x2000, "AT_BASE");
        auxiliary[9].ShouldBe(programStart + 0x1000, "AT_ENTRY");
        auxiliary[3].ShouldBe(programStart + 64, "AT_PHDR");
        auxiliary[5].ShouldBe(2UL, "AT_PHNUM");
    }

    [Fact]
    public void The_interpreter_hands_over_to_the_program()
    {
        Write(ProgramPath, Program(a => a.Call(231, 42)));
        Write(InterpreterPath, Interpreter(a =>
        {
            a.mov(rax, ProgramBase + 0x1000);
            a.jmp(rax);
        }));

        GuestRun.Of(ProgramPath).Result.ExitCode.ShouldBe(42);
    }

    [Fact]
    public void An_interpreter_that_is_not_there_is_named()
    {
        Write(ProgramPath, Program(a => a.Call(231, 0)));

        BootFailure failure = Refused(GuestRun.Options(ProgramPath));

        (failure.Elf, failure.Errno, failure.Interpreter).ShouldBe((ElfProblem.NoInterpreter, Errno.ENOENT, InterpreterPath));
    }

    [Theory]
    [InlineData(4096, Errno.ELIBBAD)]
    [InlineData(10, Errno.EIO)]
    public void An_interpreter_that_is_no_program_is_named_with_what_is_wrong(int length, Errno expected)
    {
        Write(ProgramPath, Program(a => a.Call(231, 0)));
        Write(InterpreterPath, new byte[length]);

        BootFailure failure = Refused(GuestRun.Options(ProgramPath));

        (failure.Elf, failure.Errno, failure.Interpreter).ShouldBe((ElfProblem.NotElf, expected, InterpreterPath));
    }

    [Fact]
    public void An_interpreter_that_may_not_be_executed_is_not_found()
    {
        Write(ProgramPath, Program(a => a.Call(231, 0)));
        Write(InterpreterPath, Interpreter(a => a.Call(231, 0)));
        SetMode(InterpreterPath, UnixFileMode.UserRead);

        Refused(GuestRun.Options(ProgramPath)).Errno.ShouldBe(Errno.EACCES);
    }

    [Theory]
    [InlineData("/bin/program")]
    [InlineData("/link/program")]
    public void Below_a_root_folder_program_and_interpreter_are_found_there_through_links_that_stay_inside(string path)
    {
        // Given a link to an absolute path, which on the host leads out of the folder
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), "/bin");
        Write(Path.Combine(_folder, "bin", "program"), new HandMadeElf
        {
            PositionIndependent = true,
            Entry = 0x1000,
            Interpreter = "/link/ld.so",
            Segments = [Text],
        }.Build(a => a.Call(231, 0)));
        Write(Path.Combine(_folder, "bin", "ld.so"), Interpreter(a => a.Call(231, 42)));

        string[] files = [];
        GuestRun run = GuestRun.Of(
            GuestRun.Options(path) with { HostRoot = _folder },
            kernel => files = [.. kernel.HostFiles().Select(file => $"{file.Path} {file.HostPath}")]);

        run.Result.ExitCode.ShouldBe(42);
        files.ShouldBe([$"/bin/ld.so {_folder}/bin/ld.so", $"/bin/program {_folder}/bin/program"]);
    }

    [Fact]
    public void Parent_folders_do_not_lead_out_of_a_root_folder()
    {
        Write(ProgramPath, new HandMadeElf { Segments = [Text with { Address = 0x40_0000 }] }.Build(a => a.Call(231, 42)));

        GuestRun.Of(GuestRun.Options("/../../program") with { HostRoot = _folder }).Result.ExitCode.ShouldBe(42);
        BootFailure failure = Refused(GuestRun.Options(ProgramPath) with { HostRoot = _folder });

        (failure.Kind, failure.Errno).ShouldBe((BootFailureKind.ProgramNotFound, Errno.ENOENT));
    }

    [Fact]
    public void An_execve_that_fails_tells_why_each_time_and_names_the_interpreter()
    {
        Write(ProgramPath, Program(a => a.Call(231, 0)));
        Label path = default;
        List<Notice> said = [];
        string self = Path.Combine(_folder, "self");
        Write(self, new HandMadeElf { Segments = [Text with { Address = 0x40_0000 }] }.Build(a =>
        {
            path = a.CreateLabel();
            a.lea(rdi, __[path]);
            a.xor(esi, esi);
            a.xor(edx, edx);
            a.mov(eax, 59);
            a.syscall();
            a.neg(eax);
            a.mov(edi, eax);
            a.mov(eax, 231);
            a.syscall();
            a.Label(ref path);
            a.db([.. System.Text.Encoding.UTF8.GetBytes(ProgramPath), 0]);
        }));

        GuestRun run = GuestRun.Of(GuestRun.Options(self) with { Notices = said.Add });

        run.Result.ExitCode.ShouldBe((int)Errno.ENOENT);
        Notice notice = said.ShouldHaveSingleItem();
        (notice.Kind, notice.Path, notice.Errno).ShouldBe((NoticeKind.ExecRefused, ProgramPath, Errno.ENOENT));
        (notice.Elf, notice.Interpreter).ShouldBe((ElfProblem.NoInterpreter, InterpreterPath));
    }

    private static byte[] Interpreter(Action<Assembler> code) =>
        new HandMadeElf { PositionIndependent = true, Entry = 0x1000, Segments = [Text] }.Build(code);

    private byte[] Program(Action<Assembler> code) =>
        new HandMadeElf { PositionIndependent = true, Entry = 0x1000, Interpreter = InterpreterPath, Segments = [Text] }.Build(code);

    private static void Write(string path, byte[] file)
    {
        File.WriteAllBytes(path, file);
        SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static void PrintStack(Assembler a)
    {
        a.mov(rsi, rsp);
        a.mov(edi, 1);
        a.mov(rdx, 0x7FFF_FFFF_F000);
        a.sub(rdx, rsp);
        a.mov(eax, 1);
        a.syscall();
        a.Call(231, 0);
    }

    /// <summary>The vector of a program with one argument and no environment.</summary>
    private static Dictionary<ulong, ulong> AuxiliaryOf(ReadOnlySpan<byte> stack)
    {
        Dictionary<ulong, ulong> found = [];
        for (int at = 8 * 4; BinaryPrimitives.ReadUInt64LittleEndian(stack[at..]) is var key and not 0; at += 16)
        {
            found.Add(key, BinaryPrimitives.ReadUInt64LittleEndian(stack[(at + 8)..]));
        }

        return found;
    }

    private static BootFailure Refused(KernelOptions options)
    {
        KernelBuilder.TryBuild(options, out MiniKernel? _, out BootFailure? failure).ShouldBeFalse();
        return failure!;
    }
}
