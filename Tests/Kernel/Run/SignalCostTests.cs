using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>What explains a signal is noted at each, and takes no memory until somebody asks.</summary>
public sealed class SignalCostTests
{
    private const ulong Few = 200;

    [Fact]
    public void A_signal_that_nobody_listens_to_takes_no_memory()
    {
        using AsmGuest guest = new(StoreToNothingForEver);
        KernelOptions options = new() { Program = guest.Path, Arguments = ["guest"] };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        using (kernel)
        {
            _ = BytesUntil(kernel!, Few);
            long few = BytesUntil(kernel!, 2 * Few);

            // What the host's compiler takes once, when it likes, is in one of the two.
            long many = Math.Min(BytesUntil(kernel!, 12 * Few), BytesUntil(kernel!, 22 * Few));

            (many - few).ShouldBeLessThan((long)Few);
        }
    }

    [Fact]
    public void A_record_stays_what_it_was_when_more_signals_come()
    {
        using AsmGuest guest = new(StoreToNothingForEver);
        KernelOptions options = new() { Program = guest.Path, Arguments = ["guest"] };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        using (kernel)
        {
            FaultRecord first = After(kernel!, 2);
            ulong address = first.Fault!.Fault.Cr2.Raw;
            FaultRecord later = After(kernel!, 5);

            first.Fault.Fault.Cr2.Raw.ShouldBe(address);
            later.Fault!.Fault.Cr2.Raw.ShouldBe(address + (3 * 8));
            later.Signal.Info.Address.ShouldBe(later.Fault.Fault.Cr2);
            later.Fault.Signal.Signal.ShouldBe(Signal.SIGSEGV);
        }
    }

    private static FaultRecord After(MiniKernel kernel, ulong signals)
    {
        _ = kernel.Run(new StopAt(StopKind.Signal, signals));
        return kernel.Run(StopAt.Time(kernel.Time + 1)).LastFault!;
    }

    private static long BytesUntil(MiniKernel kernel, ulong signals)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        kernel.Run(new StopAt(StopKind.Signal, signals)).Reason.ShouldBe(EndReason.Paused);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Each SIGSEGV moves the store on by a word: RBX of the frame is its address.</summary>
    private static void StoreToNothingForEver(Assembler c)
    {
        const int RbxInFrame = 40 + (8 * 11);
        Label handler = c.CreateLabel();
        Label restorer = c.CreateLabel();
        c.lea(rax, __qword_ptr[handler]);
        c.mov(__qword_ptr[rsp - 64], rax);
        c.mov(__qword_ptr[rsp - 56], 0x0400_0004);
        c.lea(rax, __qword_ptr[restorer]);
        c.mov(__qword_ptr[rsp - 48], rax);
        c.mov(__qword_ptr[rsp - 40], 0);
        c.lea(rsi, __qword_ptr[rsp - 64]);
        c.mov(edi, 11);
        c.xor(edx, edx);
        c.mov(r10d, 8);
        c.mov(eax, 13);
        c.syscall();
        c.mov(ebx, 4096);
        c.mov(__qword_ptr[rbx], rax);
        c.Label(ref handler);
        c.add(__qword_ptr[rdx + RbxInFrame], 8);
        c.ret();
        c.Label(ref restorer);
        c.mov(eax, 15);
        c.syscall();
    }
}
