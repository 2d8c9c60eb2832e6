using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at registers, where they are: on a processor, or kept while another thread runs.</summary>
internal static class RegisterLook
{
    /// <summary>The processor that holds the registers of <paramref name="thread"/>; null when the thread keeps them.</summary>
    public static Processor? HolderOf(TaskSystem system, UserThread thread)
    {
        foreach (Processor processor in system.Processors.All)
        {
            if (processor.Current == thread)
            {
                return processor;
            }
        }

        return null;
    }

    /// <summary>A copy of the registers that a program sees.</summary>
    public static UserContext CopyOf(TaskSystem system, UserThread thread)
    {
        UserContext copy = new();
        if (HolderOf(system, thread) is { } holder)
        {
            // An FXSAVE image has bytes that saving leaves alone: they are what the thread's own image has.
            thread.Registers.Fx.CopyTo(copy.Fx);
            holder.Core.Vcpu.Save(copy);
            return copy;
        }

        Copy(thread.Registers, copy);
        return copy;
    }

    /// <summary>Copies all of one context over another.</summary>
    public static void Copy(UserContext from, UserContext to)
    {
        from.Registers.CopyTo(to.Registers);
        from.Fx.CopyTo(to.Fx);
        from.Upper.CopyTo(to.Upper);
        (to.Rip, to.Rflags, to.FsBase, to.GsBase) = (from.Rip, from.Rflags, from.FsBase, from.GsBase);
    }

    /// <summary>All registers of a thread; selectors are the processor's, for a switch does not change them.</summary>
    public static TaskRegisters At(MiniKernel kernel, UserThread thread)
    {
        ControlRegisters control = kernel.System.Processors[thread.Cpu].Core.Vcpu.Control;
        return new TaskRegisters(CopyOf(kernel.System, thread))
        {
            Cs = control.Cs,
            Ss = control.Ss,
            Ds = control.Ds,
            Es = control.Es,
            Fs = control.Fs,
            Gs = control.Gs,
            OrigRax = TaskLook.CallOf(kernel, thread) is { } call ? (uint)call : ulong.MaxValue,
        };
    }
}
