using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Fuzz;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Conformance;

/// <summary>Programs and libraries that people use, on every model of processor, against a native run.</summary>
public sealed class RealProgramTests
{
    private static readonly string[] Models = ["x86-64-v1", "x86-64-v2", "x86-64-v3"];

    public static MatrixTheoryData<string, string> Programs => new(
        [
            "lua-run", "sqlite-run", "malloc-glibc", "malloc-glibc-threads", "malloc-jemalloc", "malloc-jemalloc-threads",
            "pthread-stress-glibc", "cxx-run", "go-run", "rust-run",
        ],
        Models);

    public static MatrixTheoryData<string, string> Shipped => new(["pthread-mix-glibc", "pthread-mix-musl", "pthread-stress", "hello-glibc", "libc-mix-glibc"], Models);

    public static TheoryData<string> ModelNames => [.. Models];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_prints_and_ends_as_natively(string name, string model)
    {
        string program = ThirdParty.Program("programs", name);
        HostRun native = await HostProcess.Run(program);

        Comparison.Here(program, Named(model)).ShouldBe(native, Judge.Native);
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task A_shipped_program_prints_and_ends_as_natively(string name, string model)
    {
        string program = Path.Combine(SourceTree.Root, "Guests", "built", name);
        HostRun native = await HostProcess.Run(program);

        Comparison.Here(program, Named(model)).ShouldBe(native, Judge.Native);
    }

    [Theory]
    [MemberData(nameof(ModelNames))]
    public async Task Seventy_applets_of_busybox_print_what_they_print_natively(string model)
    {
        const string busybox = "/bin/busybox";
        Assert.SkipUnless(File.Exists(busybox), $"{busybox} is not there (Debian: apt-get install busybox-static)");
        string script = Path.Combine(SourceTree.Root, "Tests", "Conformance", "programs", "busybox-applets.sh");
        HostRun native = await HostProcess.Run(busybox, "sh", script);

        Comparison.Here(busybox, Named(model), "sh", script).ShouldBe(native, Judge.Native);
    }

    private static CpuModel Named(string name) => HostProcessor.Like(CpuModels.All.Single(model => model.Name == name));
}
