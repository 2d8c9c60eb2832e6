using Iced.Intel;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Builders;

/// <summary>A guest program as a file in a folder of its own, which runs on the whole kernel and can execute itself.</summary>
public sealed class AsmGuest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asm-guest").FullName;

    public AsmGuest(Action<Assembler> write)
    {
        File.WriteAllBytes(Path, AssembledGuest.Build(write));
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
            WhatRan.Now.Memory(options.Profile);
            WhatRan.Now.Vrange(options.Profile);
            return kernel!.Run();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>Ends and checks as assembler lines.</summary>
public static class AsmCalls
{
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
}
