using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>The calls at fixed addresses of the kernel's half, which old programs make instead of SYSCALL.</summary>
/// <remarks>
/// Nothing is mapped there: a fetch faults, and a fetch of exactly one of the three entries is served as the system call it stands for,
/// with the return that the caller's CALL expects. Reads fault as anywhere else above user space.
/// Source: [Linux arch/x86/entry/vsyscall/vsyscall_64.c, emulate_vsyscall, mode xonly].
/// </remarks>
internal static class VsyscallPage
{
    private const ulong Start = 0xFFFF_FFFF_FF60_0000;

    /// <summary>Turns the fetch that has just faulted into a system call at its entry: number in RAX, RIP behind the CALL.</summary>
    /// <param name="system">The parts of the kernel.</param>
    /// <param name="thread">Whose fetch it was.</param>
    /// <param name="served">Out: false when a pointer that the call would store through is bad: that is SIGSEGV, sent now, and never EFAULT.</param>
    /// <returns>True when the page fault was such a call; false when it is an ordinary fault.</returns>
    public static bool TryEnter(TaskSystem system, UserThread thread, out bool served)
    {
        served = true;
        Vcpu vcpu = system.Core.Vcpu;
        ref readonly PageFault fault = ref vcpu.Exit.Fault;
        bool fetched = (fault.Code & PageFaultCode.ID) != 0 && fault.Cr2.Raw == vcpu.Rip;
        if (!fetched || CallAt(vcpu.Rip) is not { } call || !system.Guest.TryReadUInt64(vcpu[Gpr.Rsp], out ulong back))
        {
            return false;
        }

        served = CanStore(system, vcpu, call);
        if (!served)
        {
            SignalSend.Force(thread, new SigInfo(Signal.SIGSEGV, SigCode.Kernel, default));
            return true;
        }

        vcpu[Gpr.Rax] = call.Row.Number;
        vcpu[Gpr.Rsp] += 8;
        vcpu.Rip = back;
        return true;
    }

    private static bool CanStore(TaskSystem system, Vcpu vcpu, in Entry call) =>
        CanStore(system, vcpu[Gpr.Rdi], call.FirstBytes) && CanStore(system, vcpu[Gpr.Rsi], call.SecondBytes);

    private static bool CanStore(TaskSystem system, ulong pointer, int bytes) => pointer == 0 || system.Guest.ProbeWrite(pointer, bytes) == bytes;

    private static Entry? CallAt(ulong address) => (address - Start) switch
    {
        0x000 => Entry.Of("gettimeofday", firstBytes: 16, secondBytes: 8),
        0x400 => Entry.Of("time", firstBytes: 8, secondBytes: 0),
        0x800 => Entry.Of("getcpu", firstBytes: 4, secondBytes: 4),
        _ => null,
    };

    /// <summary>One of the calls, and how much it stores through its first two arguments.</summary>
    private readonly record struct Entry(SyscallRow Row, int FirstBytes, int SecondBytes)
    {
        public static Entry? Of(string name, int firstBytes, int secondBytes) =>
            SyscallTable.Find(name) is { } row ? new Entry(row, firstBytes, secondBytes) : null;
    }
}
