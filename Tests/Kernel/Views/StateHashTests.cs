using System.Security.Cryptography;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>Hashes of a run's state: equal where two runs are equal, and nowhere else.</summary>
public sealed class StateHashTests
{
    private const string Line = "--cpus 3 --quantum 500 pthread-mix-musl";

    [Fact]
    public void Two_runs_at_the_same_point_have_the_same_hash_and_at_another_one_another()
    {
        using SavedRun one = new(Line);
        using SavedRun other = new(Line);
        HashSet<string> seen = [];
        for (ulong time = 2000; time < 22_000; time += 4001)
        {
            one.Run(StopAt.Time(time - 1500));
            one.Run(StopAt.Time(time));
            other.Run(StopAt.Time(time));
            byte[] hash = new KernelView(one.Kernel).HashState();
            hash.ShouldBe(new KernelView(other.Kernel).HashState());
            new KernelView(one.Kernel).HashStep().ShouldBe(new KernelView(other.Kernel).HashStep());
            seen.Add(Convert.ToHexString(hash)).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_restored_run_has_the_hash_that_it_had()
    {
        using SavedRun run = new(Line);
        KernelView view = new(run.Kernel);
        run.Run(StopAt.Time(9000));
        byte[] hash = view.HashState();
        using RunImage image = run.Kernel.Save();
        run.Run();

        run.Kernel.Restore(image);

        view.HashState().ShouldBe(hash);
    }

    [Fact]
    public void A_register_changes_both_hashes_and_a_byte_of_memory_one()
    {
        using SavedRun run = new("hello");
        run.Run(StopAt.Time(500));
        KernelView view = new(run.Kernel);
        (byte[] state, byte[] step) = (view.HashState(), view.HashStep());
        state.ShouldBe(SHA256.HashData([.. step, .. run.Kernel.HashRam()]));
        TaskView task = view.Tasks()[0];
        TaskRegisters registers = view.RegistersOf(task.Tid)!;
        VirtAddr stack = new(registers.User.Registers[Gpr.Rsp]);
        byte[] old = new byte[1];
        view.ReadMemory(view.Processes()[0].Space!.Value, stack, old, out _).ShouldBe(1);

        new KernelEdit(run.Kernel).WriteMemory(view.Processes()[0].Space!.Value, stack, [(byte)~old[0]]);
        view.HashStep().ShouldBe(step);
        byte[] written = view.HashState();
        written.ShouldNotBe(state);

        registers.User.Fx[32] ^= 1;
        new KernelEdit(run.Kernel).WriteRegisters(task.Tid, registers);
        view.HashStep().ShouldNotBe(step);
        view.HashState().ShouldNotBe(written);
    }
}
