using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>What the views tell of threads and processes, against what the program itself does and prints.</summary>
public sealed class TaskTruthTests
{
    private const ulong Data = AssembledGuest.Data;

    [Fact]
    public void Registers_are_what_the_program_put_there_and_prints()
    {
        using PausedGuest guest = new(a =>
        {
            Label spin = a.CreateLabel();
            SetRegisters(a, 0x1000);
            a.mov(rax, Data + 0x100);
            a.movdqu(__xmmword_ptr[rax], xmm3);
            a.fnstcw(__word_ptr[rax + 16]);
            a.mov(ecx, 200);
            a.Label(ref spin);
            a.dec(ecx);
            a.jne(spin);
            a.PrintAndExit(Data + 0x100, 18);
        });
        guest.RunTo(100);
        TaskView task = guest.View.Current.ShouldNotBeNull();
        TaskRegisters registers = guest.View.RegistersOf(task.Tid).ShouldNotBeNull();

        (task.IsAtWork, task.IsLoaded, task.Call, registers.OrigRax).ShouldBe((true, true, null, ulong.MaxValue));
        (task.Rip.Raw, task.Wait.Kind).ShouldBe((guest.Kernel.Core.Vcpu.Rip, WaitKind.Nothing));
        ShouldHold(registers, 0x1000);
        (registers.Cs, registers.Ss).ShouldBe(((ushort)0x33, (ushort)0x2B));
        byte[] fx = registers.User.Fx.ToArray();
        guest.RunToEnd();
        fx.AsSpan(160 + 48, 16).ToArray().ShouldBe(guest.Output.Written[..16].ToArray());
        fx.AsSpan(0, 2).ToArray().ShouldBe(guest.Output.Written[16..18].ToArray());
    }

    [Fact]
    public void A_thread_that_waits_keeps_its_registers_and_says_what_for()
    {
        using PausedGuest guest = new(a =>
        {
            Label child = a.CreateLabel();
            Label spin = a.CreateLabel();
            a.Call(57);
            a.test(rax, rax);
            a.je(child);
            SetRegisters(a, 0x2000);
            a.Call(61, ulong.MaxValue, 0, 0, 0);
            a.Exit(0);
            a.Label(ref child);
            SetRegisters(a, 0x3000);
            a.mov(ecx, 400);
            a.Label(ref spin);
            a.dec(ecx);
            a.jne(spin);
            a.Exit(0);
        });
        guest.RunTo(300);
        IReadOnlyList<TaskView> tasks = guest.View.Tasks();
        TaskView parent = tasks[0];
        TaskView child = tasks[1];

        (parent.IsAtWork, parent.IsLoaded, parent.Call, parent.CallName, parent.Wait.Kind).ShouldBe((false, false, 61UL, "wait4", WaitKind.Child));
        (child.IsAtWork, child.Wait.Kind, child.Pid, child.IsLoaded).ShouldBe((true, WaitKind.Nothing, parent.Pid + 1, true));
        TaskRegisters saved = guest.View.RegistersOf(parent.Tid).ShouldNotBeNull();
        saved.OrigRax.ShouldBe(61UL);
        saved.User.Rip.ShouldBe(parent.Rip.Raw);
        ShouldHold(saved, 0x2000);
        ShouldHold(guest.View.RegistersOf(child.Tid).ShouldNotBeNull(), 0x3000);
        guest.View.Processes().Select(process => (process.Pid, process.Parent)).ShouldBe([(parent.Pid, 1), (child.Pid, parent.Pid)]);
        guest.View.Spaces().Select(space => space.Pids.ShouldHaveSingleItem()).ShouldBe([parent.Pid, child.Pid]);
        guest.View.SpaceOf(guest.View.Processes()[1].Space!.Value).ShouldNotBeNull().Processors.ShouldBe([0]);
    }

    [Fact]
    public void Before_a_system_call_the_thread_is_about_to_begin_it()
    {
        using PausedGuest guest = new(a =>
        {
            a.Call(39);
            a.Int80(20);
            a.Exit(0);
        });
        guest.RunToCall("getpid", 2);

        TaskView task = guest.View.Current.ShouldNotBeNull();

        (task.Call, task.CallName, task.Wait.Call).ShouldBe(((1UL << 32) + 20, "getpid", null));
        guest.View.RegistersOf(task.Tid).ShouldNotBeNull().OrigRax.ShouldBe(20UL);
    }

    [Fact]
    public void Before_a_fault_the_thread_says_which()
    {
        using PausedGuest guest = new(a =>
        {
            a.mov(rbx, Data + 0x3008);
            a.mov(__[rbx], rax);
            a.Exit(0);
        });
        StopAt second = new(StopKind.Fault, 2);
        guest.Kernel.Run(second).Reason.ShouldBe(EndReason.Paused);

        guest.View.Current.ShouldNotBeNull().Fault.ShouldNotBeNull().Cr2.ShouldBe(new VirtAddr(Data + 0x3008));
        guest.View.EntryAt(guest.Space, new VirtAddr(Data + 0x3008)).ShouldNotBeNull().State.ShouldBe(PageState.Mapped);
    }

    [Fact]
    public void Signals_that_are_blocked_wait()
    {
        using PausedGuest guest = new(a =>
        {
            a.mov(rbx, Data);
            a.mov(rax, (1UL << 9) | (1UL << 11));
            a.mov(__[rbx], rax);
            a.Call(14, 0, Data, 0, 8);
            a.Call(39);
            a.mov(rdi, rax);
            a.mov(esi, 12);
            a.mov(eax, 62);
            a.syscall();
            a.Call(186);
            a.mov(rdi, rax);
            a.mov(esi, 10);
            a.mov(eax, 200);
            a.syscall();
            a.Exit(0);
        });
        guest.RunToCall("exit");

        TaskView task = guest.View.Current.ShouldNotBeNull();

        task.Blocked.ShouldBe([Signal.SIGUSR1, Signal.SIGUSR2]);
        task.Pending.ShouldBe([Signal.SIGUSR1]);
        task.ProcessPending.ShouldBe([Signal.SIGUSR2]);
    }

    [Fact]
    public void Maps_arguments_and_auxiliary_vector_are_what_the_program_reads_in_proc()
    {
        const ulong Buffer = Data + 0x2000;
        using PausedGuest guest = new(a =>
        {
            Text(a, Data + 0x100, "/proc/self/maps");
            Text(a, Data + 0x140, "/proc/self/auxv");
            Text(a, Data + 0x180, "/proc/self/cmdline");
            a.MapAt(0x1000_0000, 0x3000);
            a.Call(12, 0);
            a.lea(rdi, __[rax + 0x5000]);
            a.mov(eax, 12);
            a.syscall();
            foreach (ulong path in (ulong[])[Data + 0x100, Data + 0x140, Data + 0x180])
            {
                a.Call(2, path, 0, 0);
                a.mov(rdi, rax);
                a.mov(rsi, Buffer);
                a.mov(edx, 0x4000);
                a.mov(eax, 0);
                a.syscall();
                a.mov(rdx, rax);
                a.mov(edi, 1);
                a.mov(eax, 1);
                a.syscall();
            }

            a.Exit(0);
        });
        guest.RunToCall("exit");
        ProcessView process = guest.View.Processes().ShouldHaveSingleItem();
        IReadOnlyList<VmaView> vmas = guest.View.Vmas(guest.Space);

        byte[] maps = Encoding.UTF8.GetBytes(string.Concat(vmas.Select(vma => vma.MapsLine + "\n"))
            + "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n");
        byte[] arguments = Encoding.UTF8.GetBytes(string.Concat(process.Arguments.Select(argument => argument + "\0")));
        guest.Output.Written.ToArray().ShouldBe([.. maps, .. process.AuxiliaryVector.ToArray(), .. arguments]);
        vmas.Single(vma => vma.IsHeap).Name.ShouldBe("[heap]");
        vmas.Single(vma => vma.IsStack).Name.ShouldBe("[stack]");
        vmas.Single(vma => vma.Range.Start.Raw == 0x1000_0000).IsAnonymous.ShouldBeTrue();
        (process.Location, process.Name).ShouldBe((guest.ProgramPath, "guest"));
    }

    private static void SetRegisters(Assembler a, ulong from)
    {
        AssemblerRegister64[] kept = [rbx, rbp, r12, r13, r14, r15];
        for (int i = 0; i < kept.Length; i++)
        {
            a.mov(kept[i], from + (ulong)i);
        }

        a.movq(xmm3, rbp);
        a.pshufd(xmm3, xmm3, 0x44);
        a.vinsertf128(ymm5, ymm3, xmm3, 1);
        a.fld1();
        a.fldpi();
    }

    private static void ShouldHold(TaskRegisters registers, ulong from)
    {
        int[] kept = [Gpr.Rbx, Gpr.Rbp, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15];
        for (int i = 0; i < kept.Length; i++)
        {
            registers.User.Registers[kept[i]].ShouldBe(from + (ulong)i);
        }

        Span<byte> fx = registers.User.Fx;
        BinaryPrimitives.ReadUInt64LittleEndian(fx[(160 + 48)..]).ShouldBe(from + 1);
        BinaryPrimitives.ReadUInt64LittleEndian(registers.User.Upper[(5 * 16)..]).ShouldBe(from + 1);
        BinaryPrimitives.ReadUInt64LittleEndian(fx[32..]).ShouldBe(0xC90F_DAA2_2168_C235UL);
        BinaryPrimitives.ReadUInt64LittleEndian(fx[48..]).ShouldBe(0x8000_0000_0000_0000UL);
        BinaryPrimitives.ReadUInt16LittleEndian(fx).ShouldBe((ushort)0x037F);
        BinaryPrimitives.ReadUInt32LittleEndian(fx[24..]).ShouldBe(0x1F80U);
        fx[4].ShouldBe((byte)0xC0);
    }

    private static void Text(Assembler a, ulong address, string text)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(text), .. new byte[8]];
        a.mov(rbx, address);
        for (int i = 0; i + 8 <= bytes.Length; i += 8)
        {
            a.mov(rax, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i)));
            a.mov(__[rbx + i], rax);
        }
    }
}
