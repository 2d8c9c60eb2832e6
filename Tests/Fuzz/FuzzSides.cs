using System.Diagnostics;
using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Runs fuzz programs: on the processor of this machine, on the emulated one in this process, or by the built command.</summary>
public sealed class FuzzSides : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-fuzz").FullName;
    private int _files;

    /// <summary>The program as a file that can be executed.</summary>
    public string Save(byte[] program)
    {
        string path = Path.Combine(_folder, $"cases-{_files++ % 4}");
        File.Delete(path);
        File.WriteAllBytes(path, program);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>What the program writes when this machine's processor runs it; shorter than it should be when it dies.</summary>
    public static byte[] RunNatively(string path, int outputBytes) => RunProcess(new ProcessStartInfo(path), outputBytes, out _);

    /// <summary>What it writes when the built command runs it with <paramref name="environment"/>.</summary>
    public static byte[] RunCommand(string assembly, string path, int outputBytes, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("dotnet") { ArgumentList = { assembly, "run", "--cpu", HostProcessor.LargestModel, path } };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        byte[] output = RunProcess(start, outputBytes, out int exitCode);
        return exitCode == 0 ? output : throw new InvalidOperationException($"mmuemu ends with {exitCode}");
    }

    /// <summary>What it writes when an emulated processor of <paramref name="model"/> runs it.</summary>
    public static byte[] RunHere(string path, int outputBytes, CpuModel model, out RunResult result)
    {
        FixedOutput output = new(outputBytes);
        KernelOptions options = new()
        {
            Program = path,
            Arguments = ["fuzz"],
            Output = output,
            Cpu = model,
            RamBytes = 64UL << 20,
            MaxInstructions = 2_000_000_000,
        };
        if (!KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure))
        {
            throw new InvalidOperationException(failure!.ToString());
        }

        using (kernel)
        {
            result = kernel.Run();
        }

        return output.Written;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] RunProcess(ProcessStartInfo start, int outputBytes, out int exitCode)
    {
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        using Process process = Process.Start(start)!;
        using Timer watchdog = new(_ => process.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        byte[] output = new byte[outputBytes];
        int length = process.StandardOutput.BaseStream.ReadAtLeast(output, outputBytes, throwOnEndOfStream: false);
        process.WaitForExit();
        exitCode = process.ExitCode;
        return length == outputBytes ? output : output[..length];
    }

    private sealed class FixedOutput(int bytes) : IHostStream
    {
        private readonly byte[] _bytes = new byte[bytes];
        private int _length;

        public bool IsTerminal => false;

        public (ushort Columns, ushort Rows) Size => (80, 24);

        public byte[] Written => _length == _bytes.Length ? _bytes : _bytes[.._length];

        public Errno Read(Span<byte> destination, out int count)
        {
            count = 0;
            return Errno.None;
        }

        public Errno Write(ReadOnlySpan<byte> source, out int count)
        {
            count = 0;
            if (_length + source.Length > _bytes.Length)
            {
                return Errno.EPIPE;
            }

            source.CopyTo(_bytes.AsSpan(_length));
            _length += source.Length;
            count = source.Length;
            return Errno.None;
        }
    }
}
