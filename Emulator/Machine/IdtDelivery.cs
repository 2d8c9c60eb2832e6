using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Machine;

/// <summary>Delivers exceptions through the guest's interrupt-descriptor table, as the processor does.</summary>
/// <remarks>
/// <code>
///  gate      read from the IDT            #GP(vector*8+2) or #NP
///  code      descriptor from the GDT      #GP(selector) or #NP
///  stack     IST, or RSP0 of the TSS on a change of level, or the current one; aligned down to 16
///  push      SS RSP RFLAGS CS RIP [error]
///  enter     TF NT RF cleared, IF too through an interrupt gate
/// </code>
/// A fault on the way is delivered in its turn, becomes #DF, or shuts the processor down. What depends on the kind of event is in
/// <see cref="Event"/>.
/// Source: [SDM3 Interrupt and Exception Handling, "Exception and Interrupt Handling in 64-bit Mode", "Interrupt 8—Double Fault Exception"].
/// </remarks>
internal static class IdtDelivery
{
    private const uint ErrorIdt = 2;
    private const ushort TssRsp0 = 4;
    private const ushort TssIst1 = 36;

    /// <summary>Delivers what <see cref="Vcpu.Exit"/> says; false when it ends in a triple fault.</summary>
    public static bool TryDeliver(Vcpu vcpu)
    {
        Event happened = EventOf(vcpu.Exit);
        while (true)
        {
            if (TryEnter(vcpu, happened, out Event fault))
            {
                return true;
            }

            if (happened.IsOfInstruction)
            {
                // The interrupt has not happened: the fault is that of the instruction, and as with any fault no trap waits behind it.
                vcpu.Rip = vcpu.Exit.AskedAt;
                vcpu.Debug.Pending = 0;
            }

            if (happened.Then(fault) is not { } next)
            {
                return false;
            }

            happened = next;
        }
    }

    private static Event EventOf(in CoreExit exit) => exit.Kind == CoreExitKind.PageFault
        ? Event.Exception(ExceptionVector.PF, (uint)exit.Fault.Code)
        : new Event(exit.Event, exit.Vector, exit.ErrorCode);

    private static bool TryEnter(Vcpu vcpu, in Event happened, out Event fault)
    {
        fault = default;
        if (!TryGate(vcpu, happened, out Gate gate, out fault) || !TryCode(vcpu, gate, happened.External, out int level, out fault))
        {
            return false;
        }

        if (!TryStack(vcpu, new StackWanted(gate.Ist, level, happened.External), out ulong stack, out fault))
        {
            return false;
        }

        int words = happened.HasErrorCode ? 6 : 5;
        ulong top = stack & ~0xFUL;
        ulong lowest = top - (8 * (ulong)words);
        if (!vcpu.System.CanPush(lowest, words))
        {
            fault = PortFault(vcpu, happened.External);
            return false;
        }

        if (!new VirtAddr(gate.Offset).IsCanonical(vcpu.Mmu.Mode.AddressBits))
        {
            fault = Event.Exception(ExceptionVector.GP, happened.External);
            return false;
        }

        Push(vcpu, top, happened);
        vcpu[Gpr.Rsp] = lowest;
        EnterHandler(vcpu, gate, level);
        if (happened.IsDebugException)
        {
            vcpu.Debug.Control &= ~DebugRegisters.GeneralDetect;
        }

        return true;
    }

    private static void EnterHandler(Vcpu vcpu, in Gate gate, int level)
    {
        ulong cleared = Rflags.TF | Rflags.NT | Rflags.RF | (gate.IsInterrupt ? Rflags.IF : 0);
        Privilege.SetFlags(vcpu, vcpu.Flags & ~cleared);
        if (level != vcpu.Control.Cpl)
        {
            vcpu.Control.Ss = (ushort)level;
        }

        Privilege.EnterCode(vcpu, (ushort)((gate.Selector & ~3) | level));
        vcpu.Rip = gate.Offset;
    }

    private static void Push(Vcpu vcpu, ulong top, in Event happened)
    {
        // Nothing clears RF where instructions are not run one at a time, so what is left of it then does not count.
        ulong flags = happened.PushedRf switch
        {
            ResumeFlag.Set => vcpu.Flags | Rflags.RF,
            ResumeFlag.AsItIs when vcpu.Debug.Armed || (vcpu.Flags & Rflags.TF) != 0 => vcpu.Flags,
            _ => vcpu.Flags & ~Rflags.RF,
        };
        vcpu.System.Write(top - 8, vcpu.Control.Ss);
        vcpu.System.Write(top - 16, vcpu[Gpr.Rsp]);
        vcpu.System.Write(top - 24, flags);
        vcpu.System.Write(top - 32, vcpu.Control.Cs);
        vcpu.System.Write(top - 40, vcpu.Rip);
        if (happened.HasErrorCode)
        {
            vcpu.System.Write(top - 48, happened.ErrorCode);
        }
    }

    private static bool TryGate(Vcpu vcpu, in Event happened, out Gate gate, out Event fault)
    {
        gate = default;
        uint error = ((uint)happened.Vector << 3) | ErrorIdt | happened.External;
        fault = Event.Exception(ExceptionVector.GP, error);
        uint offset = (uint)happened.Vector * 16;
        if (offset + 15 > vcpu.Control.IdtLimit)
        {
            return false;
        }

        ulong at = vcpu.Control.IdtBase + offset;
        if (!vcpu.System.TryRead(at, out ulong low) || !vcpu.System.TryRead(at + 8, out ulong high))
        {
            fault = PortFault(vcpu, happened.External);
            return false;
        }

        gate = new Gate(low, high);
        if (!gate.IsValid || (happened.ChecksPrivilege && gate.Dpl < vcpu.Control.Cpl))
        {
            return false;
        }

        fault = Event.Exception(ExceptionVector.NP, error);
        return gate.Present;
    }

    private static bool TryCode(Vcpu vcpu, in Gate gate, uint external, out int level, out Event fault)
    {
        level = 0;
        uint error = (gate.Selector & ~3U) | external;
        fault = Event.Exception(ExceptionVector.GP, error);
        if ((gate.Selector & ~3) == 0)
        {
            fault = Event.Exception(ExceptionVector.GP, external);
            return false;
        }

        if (!Descriptors.TryRead(vcpu, gate.Selector, out Descriptor code, out bool refused))
        {
            fault = refused ? fault : PortFault(vcpu, external);
            return false;
        }

        if (!code.IsCode || !code.IsLong || code.Dpl > vcpu.Control.Cpl)
        {
            return false;
        }

        fault = Event.Exception(ExceptionVector.NP, error);
        level = code.IsConforming ? vcpu.Control.Cpl : code.Dpl;
        return code.Present;
    }

    private static bool TryStack(Vcpu vcpu, in StackWanted wanted, out ulong stack, out Event fault)
    {
        fault = default;
        stack = vcpu[Gpr.Rsp];
        if (wanted.Ist == 0 && wanted.Level == vcpu.Control.Cpl)
        {
            return true;
        }

        uint offset = wanted.Ist != 0 ? TssIst1 + (8U * (uint)(wanted.Ist - 1)) : TssRsp0 + (8U * (uint)wanted.Level);
        if (offset + 7 > vcpu.Control.TssLimit)
        {
            fault = Event.Exception(ExceptionVector.TS, (vcpu.Control.Tr & ~3U) | wanted.External);
            return false;
        }

        if (!vcpu.System.TryRead(vcpu.Control.TssBase + offset, out stack))
        {
            fault = PortFault(vcpu, wanted.External);
            return false;
        }

        return true;
    }

    private static Event PortFault(Vcpu vcpu, uint external)
    {
        SystemFault refused = vcpu.System.LastFault;
        if (refused.Vector != ExceptionVector.PF)
        {
            return Event.Exception(refused.Vector, external);
        }

        vcpu.Control.Cr2 = refused.Fault.Cr2.Raw;
        return Event.Exception(ExceptionVector.PF, (uint)refused.Fault.Code);
    }

    /// <summary>Which stack a delivery wants, and the EXT bit of its faults.</summary>
    private readonly record struct StackWanted(int Ist, int Level, uint External);

    /// <summary>A 16-byte gate.</summary>
    private readonly record struct Gate(ulong Low, ulong High)
    {
        public ulong Offset => (Low & 0xFFFF) | (Low >> 32 & 0xFFFF_0000) | (High << 32);

        public ushort Selector => (ushort)(Low >> 16);

        public int Ist => (int)(Low >> 32) & 7;

        public int Dpl => (int)(Low >> 45) & 3;

        public bool Present => (Low >> 47 & 1) != 0;

        public bool IsInterrupt => (Low >> 40 & 0xF) == 14;

        public bool IsValid => (Low >> 40 & 0x1F) is 14 or 15;
    }
}
