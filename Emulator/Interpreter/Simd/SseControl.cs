using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>MXCSR, FXSAVE and FXRSTOR.</summary>
/// <remarks>Source: [SDM2 "LDMXCSR", "STMXCSR", "FXSAVE", "FXRSTOR"].</remarks>
internal static unsafe class SseControl
{
    private const int ImageBytes = 512;
    private const int MxcsrAt = 24;

    /// <summary>Marks the form without REX.W.</summary>
    private const byte Narrow = 1;

    private const int LegacyImageBytes = 416;

    private static AskedFirst LastByte => new(ImageBytes - 1, 1);

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Ldmxcsr, EmitLoad, Mnemonic.Vldmxcsr),
        new(Mnemonic.Stmxcsr, EmitStore, Mnemonic.Vstmxcsr),
        new(Mnemonic.Fxsave, EmitSaveNarrow),
        new(Mnemonic.Fxsave64, EmitSave),
        new(Mnemonic.Fxrstor, EmitRestoreNarrow),
        new(Mnemonic.Fxrstor64, EmitRestore),
    ];

    private static bool EmitLoad(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Immediate = FxRules.Of(b.Model).MxcsrMask;
        b.Op->Run = &LoadMxcsr;
        return true;
    }

    private static bool EmitStore(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &StoreMxcsr;
        return true;
    }

    private static bool EmitSave(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &Save;
        return true;
    }

    private static bool EmitRestore(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &Restore;
        return true;
    }

    private static bool EmitSaveNarrow(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Dst = Narrow;
        b.Op->Run = &Save;
        return true;
    }

    private static bool EmitRestoreNarrow(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Dst = Narrow;
        b.Op->Run = &Restore;
        return true;
    }

    private static Op* LoadMxcsr(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 4);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        uint value = *(uint*)from;
        if ((value & ~(uint)op->Immediate) != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        s->Mxcsr = value;
        return op + 1;
    }

    private static Op* StoreMxcsr(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 4);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *(uint*)to = s->Mxcsr;
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* Save(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong address = Operands.Address(s, op);
        byte* to = (address & 15) == 0
            ? LargeOperands.Open(vcpu, s, op, ImageBytes, LastByte)
            : LargeOperands.MisalignedImage(vcpu, s, address);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        FxImage.Save(vcpu, new Span<byte>(to, LegacyImageBytes));
        if (op->Dst == Narrow)
        {
            FpuPointers.Narrow(s, new Span<byte>(to, LegacyImageBytes), FxRules.Of(vcpu.Model));
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* Restore(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong address = Operands.Address(s, op);
        byte* from = (address & 15) == 0
            ? LargeOperands.Read(vcpu, s, op, ImageBytes, LastByte)
            : LargeOperands.MisalignedImage(vcpu, s, address);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        if ((*(uint*)(from + MxcsrAt) & ~FxRules.Of(vcpu.Model).MxcsrMask) != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        FxImage.Load(vcpu, new ReadOnlySpan<byte>(from, LegacyImageBytes));
        if (op->Dst == Narrow)
        {
            FpuPointers.Widen(s, new ReadOnlySpan<byte>(from, LegacyImageBytes));
        }

        return op + 1;
    }
}
