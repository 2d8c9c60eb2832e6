using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
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
    /// <returns>True when the page fault was such a call; false when it is an ordinary fault.</returns>
    public static bool TryEnter(TaskSystem system)
    {
        Vcpu vcpu = system.Core.Vcpu;
        ref readonly PageFault fault = ref vcpu.Exit.Fault;
        bool fetched = (fault.Code & PageFaultCode.ID) != 0 && fault.Cr2.Raw == vcpu.Rip;
        if (!fetched || CallAt(vcpu.Rip) is not { } call || !system.Guest.TryReadUInt64(vcpu[Gpr.Rsp], out ulong back))
        {
            return false;
        }

        vcpu[Gpr.Rax] = call.Number;
        vcpu[Gpr.Rsp] += 8;
        vcpu.Rip = back;
        return true;
    }

    private static SyscallRow? CallAt(ulong address) => (address - Start) switch
    {
        0x000 => SyscallTable.Find("gettimeofday"),
        0x400 => SyscallTable.Find("time"),
        0x800 => SyscallTable.Find("getcpu"),
        _ => null,
    };
}
