using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Debugger;

/// <summary>What a program leaves behind when it becomes another.</summary>
public sealed class ExecTests : IDisposable
{
    private const int Area = 0x1000_0000;
    private const int Page = 0x1000;
    private const int Mmap = 9;
    private const int Madvise = 28;
    private const int Execve = 59;
    private const int Exit = 60;
    private const int Vrange = 314;
    private const int Reclaim = 0x4d4d_5502;
    private const int UserFault = 18;

    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-test").FullName;

    [Fact]
    [Spec("V-176", "U-066")]
    public void Volatile_ranges_and_userfault_marks_do_not_survive_execve()
    {
        // Given a program that marks a page volatile and a page for userfault, and becomes itself with one more argument
        string path = Path.Combine(_folder, "guest");
        File.WriteAllBytes(path, TinyElf.Around(Program(path)));
        MakeExecutable(path);

        // When its second life uses the same addresses under memory pressure
        CommandResult result = CommandHarness.Run("run", "--ram", "8M", "--abi", "proposals", path);

        // Then nothing is purged and no hole raises SIGBUS
        result.Status.ShouldBe(7, result.Error);
    }

    private static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Program(string path)
    {
        Assembler a = new(64);
        Label second = a.CreateLabel();
        Label name = a.CreateLabel();
        a.mov(r15, __qword_ptr[rsp]);
        Call(a, Mmap, Area, 4 * Page, 3, 0x32);
        a.mov(eax, Area);
        a.mov(__byte_ptr[rax], 0x41);
        a.cmp(r15, 2);
        a.je(second);

        Call(a, Vrange, Area, Page, 0, 0);
        Call(a, Madvise, Area + (2 * Page), Page, UserFault, 0);
        a.push(0);
        a.lea(rdi, __qword_ptr[name]);
        a.push(rdi);
        a.push(rdi);
        a.mov(rsi, rsp);
        a.xor(edx, edx);
        a.mov(eax, Execve);
        a.syscall();
        Call(a, Exit, 1, 0, 0, 0);

        a.Label(ref second);
        Call(a, Reclaim, 64, 0, 0, 0);
        a.mov(eax, Area);
        a.cmp(__byte_ptr[rax], 0x41);
        a.sete(bl);
        a.movzx(edi, bl);
        a.mov(cl, __byte_ptr[rax + (2 * Page)]);
        a.imul(edi, edi, 7);
        a.mov(eax, Exit);
        a.syscall();

        a.Label(ref name);
        a.db([.. Encoding.UTF8.GetBytes(path), 0]);
        using MemoryStream stream = new();
        a.Assemble(new StreamCodeWriter(stream), TinyElf.Entry);
        return stream.ToArray();
    }

    private static void Call(Assembler a, int number, int first, int second, int third, int fourth)
    {
        a.mov(edi, first);
        a.mov(esi, second);
        a.mov(edx, third);
        a.mov(r10d, fourth);
        a.mov(r8d, -1);
        a.xor(r9d, r9d);
        a.mov(eax, number);
        a.syscall();
    }
}
