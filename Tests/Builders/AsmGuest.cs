using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Kernel.Boot;
using MmuEmu.Kernel.Files;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Builders;

/// <summary>A guest program written with Iced's assembler, as a static ELF file in a folder of its own; it runs on the whole kernel.</summary>
/// <remarks>Code at <see cref="Code"/>, one page of zeroed data at <see cref="Data"/>; both may be read, written and executed.</remarks>
public sealed class AsmGuest : IDisposable
{
    public const ulong Code = 0x40_1000;
    public const ulong Data = 0x40_3000;
    private const int FileBytes = 0x4000;
    private readonly string _folder = Directory.CreateTempSubdirectory("asm-guest").FullName;

    public AsmGuest(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), Code);
        byte[] file = new byte[FileBytes];
        WriteHeader(file);
        code.ToArray().CopyTo(file, 0x1000);
        File.WriteAllBytes(Path, file);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;
            File.SetUnixFileMode(Path, Executable | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>The file, on the host and in the guest.</summary>
    public string Path => System.IO.Path.Combine(_folder, "guest");

    /// <summary>What it wrote to standard output.</summary>
    public BytesOutput Output { get; } = new();

    /// <summary>Runs to the end.</summary>
    public RunResult Run()
    {
        KernelOptions options = new() { Program = Path, Arguments = ["guest"], MaxInstructions = 1_000_000, Output = Output };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        using (kernel)
        {
            return kernel!.Run();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void WriteHeader(Span<byte> file)
    {
        ReadOnlySpan<byte> ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(file);
        void Half(Span<byte> to, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(to[at..], value);
        void Word(Span<byte> to, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(to[at..], value);
        void Long(Span<byte> to, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(to[at..], value);
        Half(file, 16, 2);
        Half(file, 18, 62);
        Word(file, 20, 1);
        Long(file, 24, Code);
        Long(file, 32, 64);
        Half(file, 52, 64);
        Half(file, 54, 56);
        Half(file, 56, 1);
        Span<byte> load = file[64..];
        Word(load, 0, 1);
        Word(load, 4, 7);
        Long(load, 8, 0);
        Long(load, 16, 0x40_0000);
        Long(load, 24, 0x40_0000);
        Long(load, 32, FileBytes);
        Long(load, 40, FileBytes);
        Long(load, 48, 0x1000);
    }
}

/// <summary>System calls and signal handlers as assembler lines.</summary>
public static class AsmCalls
{
    /// <summary>A system call with constant arguments; RBX, RBP and R12 to R15 are kept.</summary>
    public static void Call(this Assembler c, ulong number, params ulong[] arguments)
    {
        AssemblerRegister64[] order = [rdi, rsi, rdx, r10, r8, r9];
        for (int i = 0; i < arguments.Length; i++)
        {
            c.mov(order[i], arguments[i]);
        }

        c.mov(rax, number);
        c.syscall();
    }

    /// <summary>exit(<paramref name="code"/>).</summary>
    public static void Exit(this Assembler c, ulong code) => c.Call(60, code);

    /// <summary>exit with RAX, or with 99 when the register is not <paramref name="expected"/>.</summary>
    public static void ExpectRax(this Assembler c, ulong expected)
    {
        Label ok = c.CreateLabel();
        c.mov(rcx, expected);
        c.cmp(rax, rcx);
        c.je(ok);
        c.Exit(99);
        c.Label(ref ok);
    }

    /// <summary>A private anonymous mapping at exactly <paramref name="at"/>.</summary>
    public static void MapAt(this Assembler c, ulong at, ulong bytes)
    {
        c.Call(9, at, bytes, 3, 0x32, ulong.MaxValue, 0);
        c.ExpectRax(at);
    }

    /// <summary>Installs the code at <paramref name="handler"/> for SIGBUS with SA_SIGINFO and <paramref name="flags"/>; returns through <paramref name="restorer"/>.</summary>
    public static void HandleSigbus(this Assembler c, Label handler, Label restorer, ulong flags)
    {
        c.mov(rbx, AsmGuest.Data + 0x800);
        c.lea(rax, __[handler]);
        c.mov(__qword_ptr[rbx], rax);
        c.mov(rax, 4 | 0x0400_0000 | flags);
        c.mov(__qword_ptr[rbx + 8], rax);
        c.lea(rax, __[restorer]);
        c.mov(__qword_ptr[rbx + 16], rax);
        c.xor(eax, eax);
        c.mov(__qword_ptr[rbx + 24], rax);
        c.Call(13, 7, AsmGuest.Data + 0x800, 0, 8);
        c.ExpectRax(0);
    }

    /// <summary>The restorer: rt_sigreturn.</summary>
    public static void Restorer(this Assembler c, Label restorer)
    {
        c.Label(ref restorer);
        c.mov(eax, 15);
        c.syscall();
    }
}
