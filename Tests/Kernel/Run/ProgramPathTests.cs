using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>A program that the guest finds at a path of its own, wherever its file lies on the host.</summary>
public sealed class ProgramPathTests : IDisposable
{
    private const string InGuest = "/guests/it";
    private const ulong Buffer = AssembledGuest.Data;
    private const ulong Vector = AssembledGuest.Data + 0x8000;
    private const int StatBytes = 144;

    private readonly string _folder = Directory.CreateTempSubdirectory("program-path").FullName;

    [Fact]
    public void It_is_there_with_one_mode_and_one_time_whatever_the_host_has()
    {
        string file = Write("private", a =>
        {
            Label path = a.CreateLabel();
            a.lea(rdi, __[path]);
            a.mov(rsi, Buffer);
            a.mov(eax, 4);
            a.syscall();
            a.PrintAndExit(Buffer, StatBytes);
            a.Label(ref path);
            a.db(Text(InGuest));
        });
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        ReadOnlySpan<byte> stat = RunAt(file).Output.Written;

        stat.Length.ShouldBe(StatBytes);
        BinaryPrimitives.ReadUInt32LittleEndian(stat[24..]).ShouldBe(0x81EDu);
        BinaryPrimitives.ReadUInt64LittleEndian(stat[88..]).ShouldBe(VirtualClock.EpochNs / 1_000_000_000);
        BinaryPrimitives.ReadUInt64LittleEndian(stat[48..]).ShouldBe((ulong)new FileInfo(file).Length);
    }

    [Theory]
    [InlineData("/proc/self/exe")]
    [InlineData(InGuest)]
    [InlineData("/guests/../guests/./it")]
    public void A_child_executes_it_by_any_name_and_finds_itself_there_again(string name)
    {
        string file = Write("child", a => ForkAndExecute(a, name));

        GuestRun run = RunAt(file);

        (run.Result.ExitCode, run.Output.Text).ShouldBe((0, InGuest));
        run.Trace!.Faults.Select(fault => fault.Mapping).Where(text => text.Contains('/', StringComparison.Ordinal))
            .ShouldAllBe(text => text.EndsWith(InGuest, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_folders_of_the_host_give_one_stack()
    {
        static void ShowStack(Assembler a)
        {
            a.mov(__[Buffer], rsp);
            a.PrintAndExit(Buffer, 8);
        }

        string near = Write("near", ShowStack);
        string far = Write(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, new string('x', 100))).FullName, "far"), ShowStack);

        RunAt(far).Output.Written.ToArray().ShouldBe(RunAt(near).Output.Written.ToArray());
    }

    [Fact]
    public void A_program_without_such_a_path_keeps_that_of_its_file()
    {
        string file = Write("own", a =>
        {
            Label path = a.CreateLabel();
            a.lea(rdi, __[path]);
            a.mov(rsi, Buffer);
            a.mov(edx, 4096);
            a.mov(eax, 89);
            a.syscall();
            a.PrintAndExit(Buffer, 4096);
            a.Label(ref path);
            a.db(Text("/proc/self/exe"));
        });

        GuestRun.Of(GuestRun.Options(file)).Output.Text.TrimEnd('\0').ShouldBe(file);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static GuestRun RunAt(string file) => GuestRun.Of(GuestRun.Options(file) with { ProgramPath = InGuest, HostRoot = null });

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>First life: forks, and the child becomes the program at <paramref name="name"/> with two arguments. Second life: prints its own path.</summary>
    private static void ForkAndExecute(Assembler a, string name)
    {
        (Label second, Label parent, Label path, Label self) = (a.CreateLabel(), a.CreateLabel(), a.CreateLabel(), a.CreateLabel());
        a.cmp(__qword_ptr[rsp], 2);
        a.je(second);
        a.Call(57);
        a.test(eax, eax);
        a.jne(parent);
        a.lea(rdi, __[path]);
        a.mov(rsi, Vector);
        a.mov(__[rsi], rdi);
        a.mov(__[rsi + 8], rdi);
        a.xor(edx, edx);
        a.mov(eax, 59);
        a.syscall();
        a.Exit(98);

        a.Label(ref parent);
        a.Call(61, ulong.MaxValue, Buffer, 0, 0);
        a.movzx(edi, __byte_ptr[Buffer + 1]);
        a.mov(eax, 231);
        a.syscall();

        a.Label(ref second);
        a.lea(rdi, __[self]);
        a.mov(rsi, Buffer);
        a.mov(edx, 4096);
        a.mov(eax, 89);
        a.syscall();
        a.mov(rdx, rax);
        a.mov(rsi, Buffer);
        a.mov(edi, 1);
        a.mov(eax, 1);
        a.syscall();
        a.Call(231, 0);

        a.Label(ref path);
        a.db(Text(name));
        a.Label(ref self);
        a.db(Text("/proc/self/exe"));
    }

    private string Write(string name, Action<Assembler> code)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, AssembledGuest.Build(code));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
