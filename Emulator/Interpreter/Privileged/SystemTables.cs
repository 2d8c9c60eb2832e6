using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>Descriptor-table registers: LGDT, LIDT, SGDT, SIDT, LTR, STR, LLDT, SLDT.</summary>
/// <remarks>
/// The 64-bit operand of the table instructions is 10 bytes: limit, then base. CR4.UMIP keeps the storing ones from user code.
/// Bases have to be canonical (<see cref="AddressRegisters"/>).
/// Source: [SDM2 "LGDT/LIDT", "SGDT", "SIDT", "LTR", "STR", "LLDT", "SLDT"].
/// </remarks>
internal static unsafe class SystemTables
{
    private const byte TssBusy = 2;
    private const ushort TableIndicator = 4;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Lgdt, static (ref OpBuilder b) => SetMemory(ref b, &LoadGdt)),
        new(Mnemonic.Lidt, static (ref OpBuilder b) => SetMemory(ref b, &LoadIdt)),
        new(Mnemonic.Sgdt, static (ref OpBuilder b) => SetMemory(ref b, &StoreGdt)),
        new(Mnemonic.Sidt, static (ref OpBuilder b) => SetMemory(ref b, &StoreIdt)),
        new(Mnemonic.Ltr, static (ref OpBuilder b) => SetLoad(ref b, &LoadTask, &LoadTaskFromMemory)),
        new(Mnemonic.Lldt, static (ref OpBuilder b) => SetLoad(ref b, &LoadLocal, &LoadLocalFromMemory)),
        new(Mnemonic.Str, static (ref OpBuilder b) => SetStore(ref b, 0)),
        new(Mnemonic.Sldt, static (ref OpBuilder b) => SetStore(ref b, 1)),
    ];

    private static bool SetMemory(ref OpBuilder b, Handler handler)
    {
        b.TakeAddress();
        b.Op->Run = handler;
        return true;
    }

    private static bool SetLoad(
        ref OpBuilder b,
        Handler register,
        Handler memory)
    {
        if (b.IsMemory(0))
        {
            return SetMemory(ref b, memory);
        }

        b.Op->Src = b.RegisterAt(0);
        b.Op->Run = register;
        return true;
    }

    private static bool SetStore(ref OpBuilder b, ulong which)
    {
        if (b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Immediate = which;
            b.Op->Run = &StoreSelectorInMemory;
            return true;
        }

        b.Op->Dst = b.RegisterAt(0);
        b.Op->Immediate = which;
        b.Op->Run = b.Instruction.Op0Register.GetSize() switch
        {
            2 => &StoreSelector<W16>,
            4 => &StoreSelector<W32>,
            _ => &StoreSelector<W64>,
        };
        return true;
    }

    private static bool UmipBars(Vcpu vcpu) => vcpu.Control.Cpl != 0 && (vcpu.Control.Cr4 & Cr4Bits.Umip) != 0;

    private static Op* LoadGdt(Vcpu vcpu, CpuState* s, Op* op)
    {
        Op* next = LoadTable(vcpu, s, op, out ushort limit, out ulong @base);
        if (next is not null)
        {
            (vcpu.Control.GdtLimit, vcpu.Control.GdtBase) = (limit, @base);
        }

        return next;
    }

    private static Op* LoadIdt(Vcpu vcpu, CpuState* s, Op* op)
    {
        Op* next = LoadTable(vcpu, s, op, out ushort limit, out ulong @base);
        if (next is not null)
        {
            (vcpu.Control.IdtLimit, vcpu.Control.IdtBase) = (limit, @base);
        }

        return next;
    }

    private static Op* LoadTable(Vcpu vcpu, CpuState* s, Op* op, out ushort limit, out ulong @base)
    {
        (limit, @base) = (0, 0);
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* from = vcpu.Read(s, Operands.Address(s, op), 10);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        (limit, @base) = (*(ushort*)from, *(ulong*)(from + 2));
        return AddressRegisters.CanHold(vcpu, @base) ? op + 1 : vcpu.Raise(op, ExceptionVector.GP);
    }

    private static Op* StoreGdt(Vcpu vcpu, CpuState* s, Op* op) => StoreTable(vcpu, s, op, vcpu.Control.GdtLimit, vcpu.Control.GdtBase);

    private static Op* StoreIdt(Vcpu vcpu, CpuState* s, Op* op) => StoreTable(vcpu, s, op, vcpu.Control.IdtLimit, vcpu.Control.IdtBase);

    private static Op* StoreTable(Vcpu vcpu, CpuState* s, Op* op, ushort limit, ulong @base)
    {
        if (UmipBars(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* to = Probe.OpenAnywhere(vcpu, s, Operands.Address(s, op), 10);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *(ushort*)to = limit;
        *(ulong*)(to + 2) = @base;
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* LoadTask(Vcpu vcpu, CpuState* s, Op* op) => Task(vcpu, op, *(ushort*)Operands.Src(s, op));

    private static Op* LoadTaskFromMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : Task(vcpu, op, *(ushort*)from);
    }

    private static Op* Task(Vcpu vcpu, Op* op, ushort selector)
    {
        ControlRegisters control = vcpu.Control;
        if (control.Cpl != 0 || (selector & ~3) == 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        if (!TryReadSystem(vcpu, op, selector, out Descriptor descriptor, out ulong @base)
            || !MayLoad(vcpu, op, selector, descriptor, descriptor.IsAvailableTss, @base))
        {
            return null;
        }

        if (!vcpu.System.TrySetBit(control.GdtBase + (selector & ~7UL) + 5, TssBusy))
        {
            return SystemFaults.Raise(vcpu, op);
        }

        (control.Tr, control.TssBase, control.TssLimit) = (selector, @base, descriptor.Limit);
        return op + 1;
    }

    private static Op* LoadLocal(Vcpu vcpu, CpuState* s, Op* op) => Local(vcpu, op, *(ushort*)Operands.Src(s, op));

    private static Op* LoadLocalFromMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : Local(vcpu, op, *(ushort*)from);
    }

    /// <summary>A null selector leaves no local table.</summary>
    private static Op* Local(Vcpu vcpu, Op* op, ushort selector)
    {
        ControlRegisters control = vcpu.Control;
        if (control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        if ((selector & ~3) == 0)
        {
            (control.Ldtr, control.LdtBase, control.LdtLimit) = (selector, 0, 0);
            return op + 1;
        }

        if (!TryReadSystem(vcpu, op, selector, out Descriptor descriptor, out ulong @base)
            || !MayLoad(vcpu, op, selector, descriptor, descriptor.IsLdt, @base))
        {
            return null;
        }

        (control.Ldtr, control.LdtBase, control.LdtLimit) = (selector, @base, descriptor.Limit);
        return op + 1;
    }

    /// <summary>A 16-byte descriptor of the global table; false when the exit says why not.</summary>
    private static bool TryReadSystem(Vcpu vcpu, Op* op, ushort selector, out Descriptor descriptor, out ulong @base)
    {
        ulong high = 0;
        bool refused = true;
        descriptor = default;
        bool read = (selector & TableIndicator) == 0
            && Descriptors.TryRead(vcpu, selector, out descriptor, out refused)
            && Descriptors.TryReadUpper(vcpu, selector, out high, out refused);
        @base = descriptor.Base | (high << 32);
        if (!read && !refused)
        {
            SystemFaults.Raise(vcpu, op);
            return false;
        }

        return CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, CodeTargets.ErrorOf(selector), !read || !Descriptors.IsUpperHalf(high));
    }

    private static bool MayLoad(Vcpu vcpu, Op* op, ushort selector, in Descriptor descriptor, bool ofItsType, ulong @base)
    {
        uint error = CodeTargets.ErrorOf(selector);
        return CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, error, !ofItsType)
            && CodeTargets.Refuse(vcpu, op, ExceptionVector.NP, error, !descriptor.Present)
            && CodeTargets.Refuse(vcpu, op, ExceptionVector.GP, error, !AddressRegisters.CanHold(vcpu, @base));
    }

    private static Op* StoreSelector<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        if (UmipBars(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), op->Immediate == 0 ? vcpu.Control.Tr : vcpu.Control.Ldtr);
        return op + 1;
    }

    private static Op* StoreSelectorInMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (UmipBars(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 2);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *(ushort*)to = op->Immediate == 0 ? vcpu.Control.Tr : vcpu.Control.Ldtr;
        vcpu.Commit(s);
        return op + 1;
    }
}
