using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Puts signal frames on the user's stack, and takes them off.</summary>
/// <remarks>Source: [Linux arch/x86/kernel/signal.c, get_sigframe; arch/x86/kernel/signal_64.c, x64_setup_rt_frame, rt_sigreturn].</remarks>
internal static class SignalFrame
{
    private const ulong RedZoneBytes = 128;

    /// <summary>Pushes a frame and sends the thread into the handler; false when the frame cannot be written, and then why.</summary>
    public static bool TryPush(TaskSystem system, UserThread thread, in SigInfo info, in SignalAction action, out SignalDetail? lost)
    {
        // Without a restorer the handler could not return.
        if (!action.Has(ActionFlags.Restorer))
        {
            lost = Lost(info);
            return false;
        }

        Vcpu vcpu = system.Core.Vcpu;
        UserContext registers = thread.Registers;
        vcpu.Save(registers);
        ulong stack = registers.Registers[Gpr.Rsp];
        int mode = thread.AltStack.ModeAt(stack);
        bool onAlt = mode == AltStack.OnStack;
        bool switches = action.Has(ActionFlags.OnStack) && mode == 0;
        ulong top = switches ? thread.AltStack.Start.Raw + thread.AltStack.SizeBytes : stack - RedZoneBytes;
        ulong fpState = (top - (ulong)SignalFpState.BytesOf(vcpu)) & ~0x3FUL;
        ulong frame = ((fpState - SignalFrameLayout.Bytes) & ~0xFUL) - 8;
        if ((onAlt || switches) && !thread.AltStack.Holds(frame))
        {
            lost = Lost(thread, info, frame, top, onAlt: true);
            return false;
        }

        Span<byte> bytes = stackalloc byte[SignalFrameLayout.Bytes];
        SavedSignalState state = new(
            thread.SavedMask ?? thread.Blocked, thread.AltStack, thread.Trap, new VirtAddr(fpState), SignalFpState.HasXstate(vcpu));
        SignalFrameLayout.Write(bytes, registers, state, info);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, action.Restorer.Raw);
        if (!SignalFpState.TryWrite(system, fpState) || !system.Guest.TryWrite(frame, bytes))
        {
            FaultOutcome fault = system.Guest.LastFault;
            lost = Lost(thread, info, frame, top, onAlt || switches) with { FrameAccess = fault.End == FaultEnd.Deliver ? new BadAccess(fault.Signal.Address, fault.Kind) : null };
            return false;
        }

        lost = null;
        thread.AltStack = thread.AltStack.IsDisarmed ? AltStack.None : thread.AltStack;
        SignalFpState.Reset(vcpu);
        EnterHandler(vcpu, frame, info.Signal, action);
        return true;
    }

    /// <summary>The SIGSEGV that comes in place of a signal.</summary>
    private static SignalDetail Lost(in SigInfo info) =>
        new(new SigInfo(Signal.SIGSEGV, SigCode.Kernel, default), SignalFate.Fatal, default, default) { Undelivered = info };

    private static SignalDetail Lost(UserThread thread, in SigInfo info, ulong frame, ulong top, bool onAlt) => Lost(info) with
    {
        Frame = new(new VirtAddr(frame), new VirtAddr(Math.Max(top, frame))),
        AltStack = onAlt ? VirtRange.Of(thread.AltStack.Start, thread.AltStack.SizeBytes) : default,
    };

    private static void EnterHandler(Vcpu vcpu, ulong frame, Signal signal, in SignalAction action)
    {
        vcpu[Gpr.Rdi] = (ulong)signal;
        vcpu[Gpr.Rsi] = frame + SignalFrameLayout.Info;
        vcpu[Gpr.Rdx] = frame + SignalFrameLayout.UContext;
        vcpu[Gpr.Rax] = 0;
        vcpu[Gpr.Rsp] = frame;
        vcpu.Rip = action.Handler.Raw;
        vcpu.Flags &= ~(Rflags.DF | Rflags.RF | Rflags.TF);
    }

    /// <summary>rt_sigreturn: goes back to what the frame above RSP says; false when it cannot be read or its registers are not valid.</summary>
    public static bool TryPop(TaskSystem system, UserThread thread)
    {
        Vcpu vcpu = system.Core.Vcpu;
        UserContext registers = thread.Registers;
        vcpu.Save(registers);
        Span<byte> bytes = stackalloc byte[SignalFrameLayout.Bytes];
        ulong stack = registers.Registers[Gpr.Rsp];
        if (!system.Guest.TryRead(stack - 8, bytes))
        {
            return false;
        }

        SavedSignalState state = SignalFrameLayout.Read(bytes, registers);
        thread.Blocked = state.Mask - SignalSet.Unblockable;
        // Source: [Linux kernel/signal.c, restore_altstack]: what sigaltstack would refuse changes nothing.
        if (!thread.AltStack.IsInUse(registers.Registers[Gpr.Rsp]) && AltStackRules.Judge(state.Alt) == Refusal.None)
        {
            thread.AltStack = AltStackRules.Settle(state.Alt);
        }

        vcpu.Load(registers);
        if (SignalFpState.TryRestore(system, state.FpState.Raw))
        {
            return true;
        }

        // A held page only puts it off: the next try finds the frame by RSP.
        vcpu[Gpr.Rsp] = system.Guest.Held.Again is null ? vcpu[Gpr.Rsp] : stack;
        return false;
    }
}
