using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>Memory that changes under threads of several processors: no TLB anywhere keeps what the tables refuse (invariant 3).</summary>
public sealed class ManyProcessorTests
{
    private const ulong Step = 29_989;

    [Theory]
    [InlineData(4, 300, TlbMode.Preset)]
    [InlineData(4, 40, TlbMode.MaxStale)]
    [InlineData(7, 1000, TlbMode.MaxStale)]
    public void No_processor_keeps_a_translation_that_the_tables_refuse(int cpus, int quantum, TlbMode mode)
    {
        KernelOptions options = GuestRun.Options(GuestFiles.BuiltFileOf(GuestFiles.Find("vrange-threads"))) with
        {
            Cpus = cpus,
            Quantum = (ulong)quantum,
            Seed = 11,
            Interleaving = Interleaving.Seeded,
            Mmu = new MmuOptions { TlbMode = mode },
            RamBytes = 8 << 20,
            Trace = null,
        };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            Mmu[] mmus = [.. kernel!.System.Processors.Cores.All.Select(core => core.Mmu)];
            RunResult result;
            ulong until = 0;
            do
            {
                until += Step;
                result = kernel.Run(StopAt.Time(until));
                TlbSoundness.Offences(kernel.Memory, mmus).ShouldBeEmpty($"at T = {until}");
            }
            while (result.Reason == EndReason.Paused);

            (result.Reason, result.ExitCode).ShouldBe((EndReason.Exited, 0), result.Message);
            mmus.Count(mmu => mmu.Counters.PageFlushes + mmu.Counters.Flushes > 0).ShouldBeGreaterThan(2);
        }
    }

    [Fact]
    public void A_space_that_never_ran_on_a_processor_is_not_flushed_there()
    {
        GuestRunOnTwo(static kernel => kernel.System.Processors.Cores[1].Mmu.Counters.PageFlushes.ShouldBe(0UL));
    }

    [Fact]
    public void Proc_and_sys_tell_of_every_processor()
    {
        GuestRunOnTwo(static kernel =>
        {
            string cpus = TextOf(kernel, "/proc/cpuinfo");
            cpus.ShouldContain("processor\t: 1\n");
            cpus.ShouldNotContain("processor\t: 2\n");
            cpus.ShouldContain(" sse2 ");
            TextOf(kernel, "/proc/stat").ShouldContain("\ncpu1 ");
            TextOf(kernel, "/sys/devices/system/cpu/online").ShouldBe("0-1\n");
        });
    }

    private static string TextOf(MiniKernel kernel, string path)
    {
        FileSystem files = kernel.System.Files;
        files.Find(files.Root, path, LastLink.Follow).Ok(out Place? place, out Errno errno).ShouldBeTrue(errno.ToString());
        byte[] bytes = new byte[65536];
        place!.Inode.Content!.Read(0, bytes).Ok(out int count, out _).ShouldBeTrue();
        return System.Text.Encoding.UTF8.GetString(bytes, 0, count);
    }

    private static void GuestRunOnTwo(Action<MiniKernel> check)
    {
        KernelOptions options = GuestRun.Options(GuestFiles.BuiltFileOf(GuestFiles.Find("mprotect-segv"))) with { Cpus = 2, Trace = null };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            kernel!.Run().Reason.ShouldBe(EndReason.Exited);
            check(kernel);
        }
    }
}
