using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu;

/// <summary>The vCPUs that execute from the same RAM: code that one of them writes over, all of them decode again.</summary>
/// <remarks>
/// While any member has code of a frame decoded, no member has a write look-aside entry for the frame: every store to it is
/// seen. So a store is visible to the next instruction that any member executes, which is stricter than the architecture,
/// where another processor has to serialize first. Source: [SDM3 Multiple-Processor Management, "Handling Self- and Cross-Modifying Code"].
/// </remarks>
public sealed class CodeDomain
{
    private Vcpu[] _members = [];

    /// <summary>Takes <paramref name="vcpu"/> in, before it has decoded anything.</summary>
    public void Join(Vcpu vcpu)
    {
        _members = [.. _members, vcpu];
        vcpu.Domain = this;
    }

    /// <summary>True when some member has decoded a block from <paramref name="frame"/>.</summary>
    public bool HasCode(Pfn frame)
    {
        foreach (Vcpu member in _members)
        {
            if (member.Blocks.HasCode(frame))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A member is about to keep a block decoded from <paramref name="frame"/>: from now on stores to it are seen.</summary>
    public void Protect(Pfn frame)
    {
        if (HasCode(frame))
        {
            return;
        }

        foreach (Vcpu member in _members)
        {
            member.Pages.ProtectFrame(frame);
        }
    }

    /// <summary>Bytes of RAM changed: blocks decoded from them are dropped everywhere.</summary>
    public void Written(PhysAddr start, int lengthBytes)
    {
        foreach (Vcpu member in _members)
        {
            member.DropCode(start, lengthBytes);
        }
    }
}
