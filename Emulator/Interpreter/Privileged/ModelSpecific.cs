using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>The model-specific registers that this processor has; any other is #GP(0).</summary>
/// <remarks>Registers of addresses take canonical ones only (<see cref="AddressRegisters"/>). Source: [SDM4 "Model-Specific Registers (MSRs)"].</remarks>
internal static class ModelSpecific
{
    private const uint TimeStampCounter = 0x10;
    private const uint SysenterCs = 0x174;
    private const uint SysenterRsp = 0x175;
    private const uint SysenterRip = 0x176;
    private const uint PageAttributes = 0x277;
    private const uint Efer = 0xC000_0080;
    private const uint Star = 0xC000_0081;
    private const uint LStar = 0xC000_0082;
    private const uint CStar = 0xC000_0083;
    private const uint FMask = 0xC000_0084;
    private const uint FsBase = 0xC000_0100;
    private const uint GsBase = 0xC000_0101;
    private const uint KernelGsBase = 0xC000_0102;
    private const uint TscAux = 0xC000_0103;

    /// <summary>RDMSR.</summary>
    public static bool TryRead(Vcpu vcpu, uint number, ulong time, out ulong value)
    {
        ControlRegisters control = vcpu.Control;
        ulong? found = number switch
        {
            TimeStampCounter => time + control.TscOffset,
            SysenterCs => control.SysenterCs,
            SysenterRsp => control.SysenterRsp,
            SysenterRip => control.SysenterRip,
            PageAttributes => control.Pat,
            Efer => control.Efer,
            Star => control.Star,
            LStar => control.LStar,
            CStar => control.CStar,
            FMask => control.FMask,
            FsBase => vcpu.FsBase,
            GsBase => vcpu.GsBase,
            KernelGsBase => control.KernelGsBase,
            TscAux => control.TscAux,
            _ => null,
        };
        value = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>WRMSR.</summary>
    public static bool TryWrite(Vcpu vcpu, uint number, ulong time, ulong value) => number switch
    {
        Efer => TryWriteEfer(vcpu, value),
        SysenterRsp or SysenterRip or LStar or CStar or FsBase or GsBase or KernelGsBase =>
            AddressRegisters.CanHold(vcpu, value) && TryWriteAddress(vcpu, number, value),
        _ => TryWriteValue(vcpu.Control, number, time, value),
    };

    private static bool TryWriteAddress(Vcpu vcpu, uint number, ulong value)
    {
        ControlRegisters control = vcpu.Control;
        switch (number)
        {
            case SysenterRsp:
                control.SysenterRsp = value;
                return true;
            case SysenterRip:
                control.SysenterRip = value;
                return true;
            case LStar:
                control.LStar = value;
                return true;
            case CStar:
                control.CStar = value;
                return true;
            case FsBase:
                vcpu.FsBase = value;
                return true;
            case GsBase:
                vcpu.GsBase = value;
                return true;
            case KernelGsBase:
                control.KernelGsBase = value;
                return true;
            default:
                return false;
        }
    }

    private static bool TryWriteValue(ControlRegisters control, uint number, ulong time, ulong value)
    {
        switch (number)
        {
            case TimeStampCounter:
                control.TscOffset = value - time;
                return true;
            case SysenterCs:
                control.SysenterCs = (uint)value;
                return true;
            case PageAttributes when ValidPat(value):
                control.Pat = value;
                return true;
            case Star:
                control.Star = value;
                return true;
            case FMask when value >> 32 == 0:
                control.FMask = value;
                return true;
            case TscAux when value >> 32 == 0:
                control.TscAux = value;
                return true;
            default:
                return false;
        }
    }

    private static bool TryWriteEfer(Vcpu vcpu, ulong value)
    {
        if (!ControlRegisterRules.TryWriteEfer(Privilege.StateOf(vcpu), value, vcpu.Limits, out ControlState next))
        {
            return false;
        }

        Privilege.Apply(vcpu, next, TlbInvalidation.None);
        return true;
    }

    /// <summary>Each byte is a memory type: 0, 1, 4, 5, 6 or 7.</summary>
    private static bool ValidPat(ulong value)
    {
        for (int i = 0; i < 8; i++)
        {
            byte type = (byte)(value >> (8 * i));
            if (type is 2 or 3 or > 7)
            {
                return false;
            }
        }

        return true;
    }
}
