using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Views;

/// <summary>Writes registers as ptrace does.</summary>
internal static class RegisterWriter
{
    /// <summary>The bits of RFLAGS that a debugger may change.</summary>
    /// <remarks>Source: [Linux arch/x86/kernel/ptrace.c, FLAG_MASK].</remarks>
    private const ulong FlagMask = Rflags.Arithmetic | Rflags.TF | Rflags.DF | Rflags.NT | Rflags.RF | Rflags.AC;

    /// <summary>Gives the thread <paramref name="registers"/>, wherever it keeps them.</summary>
    public static Errno Write(TaskSystem system, int tid, UserContext registers)
    {
        if (system.Processes.FindThread(tid) is not { } thread || thread.State == RunState.Dead || thread.Process.State == ProcessState.Zombie)
        {
            return Errno.ESRCH;
        }

        if (registers.FsBase >= VirtRange.TaskSize || registers.GsBase >= VirtRange.TaskSize)
        {
            return Errno.EIO;
        }

        UserContext next = RegisterLook.CopyOf(system, thread);
        ulong flags = (next.Rflags & ~FlagMask) | (registers.Rflags & FlagMask);
        RegisterLook.Copy(registers, next);
        next.Rflags = flags;
        if (RegisterLook.HolderOf(system, thread) is { } holder)
        {
            holder.Core.Vcpu.Load(next);
        }
        else
        {
            RegisterLook.Copy(next, thread.Registers);
        }

        return Errno.None;
    }
}
