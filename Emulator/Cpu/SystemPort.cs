using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu;

/// <summary>The processor's own accesses to descriptor tables, task-state segments and exception stacks.</summary>
/// <remarks>
/// They are supervisor accesses at any CPL; those to tables and segments do not heed RFLAGS.AC (P-037, P-046).
/// Source: [SDM3 Paging, "Determination of Access Rights"].
/// </remarks>
public sealed class SystemPort
{
    private readonly Vcpu _vcpu;

    internal SystemPort(Vcpu vcpu) => _vcpu = vcpu;

    /// <summary>The fault of the last access that answered false; its vector is #PF, or #GP for an address that is not canonical.</summary>
    public SystemFault LastFault { get; internal set; }

    /// <summary>Reads 8 bytes of a descriptor table or task-state segment.</summary>
    public bool TryRead(ulong address, out ulong value) => TryRead(address, 8, out value);

    /// <summary>Reads at most 8 bytes of a descriptor table or task-state segment.</summary>
    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < bytes; i++)
        {
            if (!TryTranslate(address + (ulong)i, AccessKind.Read, AccessOrigin.ImplicitSupervisor, out PhysAddr at))
            {
                return false;
            }

            value |= (ulong)_vcpu.Ram.ReadByte(at) << (8 * i);
        }

        return true;
    }

    /// <summary>Checks that 8-byte words may be pushed on a supervisor stack; nothing is written.</summary>
    /// <param name="lowest">Address of the last word pushed.</param>
    /// <param name="words">Number of words.</param>
    public bool CanPush(ulong lowest, int words)
    {
        for (int i = words - 1; i >= 0; i--)
        {
            ulong word = lowest + (8 * (ulong)i);
            if (!TryTranslate(word + 7, AccessKind.Write, AccessOrigin.Supervisor, out _)
                || !TryTranslate(word, AccessKind.Write, AccessOrigin.Supervisor, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes 8 bytes on a supervisor stack that <see cref="CanPush"/> has checked.</summary>
    public void Write(ulong address, ulong value)
    {
        for (int i = 0; i < 8; i++)
        {
            if (TryTranslate(address + (ulong)i, AccessKind.Write, AccessOrigin.Supervisor, out PhysAddr at))
            {
                _vcpu.Ram.WriteByte(at, (byte)(value >> (8 * i)));
                _vcpu.CodeWritten(at, 1);
            }
        }
    }

    /// <summary>Sets one bit of a byte in a descriptor table.</summary>
    public bool TrySetBit(ulong address, byte bit)
    {
        if (!TryTranslate(address, AccessKind.Write, AccessOrigin.ImplicitSupervisor, out PhysAddr at))
        {
            return false;
        }

        _vcpu.Ram.WriteByte(at, (byte)(_vcpu.Ram.ReadByte(at) | bit));
        return true;
    }

    private bool TryTranslate(ulong address, AccessKind kind, AccessOrigin origin, out PhysAddr at)
    {
        at = default;
        VirtAddr va = new(address);
        if (!va.IsCanonical(_vcpu.Mmu.Mode.AddressBits))
        {
            LastFault = new SystemFault(origin == AccessOrigin.Supervisor ? ExceptionVector.SS : ExceptionVector.GP, default);
            return false;
        }

        if (_vcpu.Mmu.TryTranslate(new Access(va, kind, origin), out Translated translated, out PageFault fault))
        {
            at = translated.Address;
            return true;
        }

        LastFault = new SystemFault(ExceptionVector.PF, fault);
        return false;
    }
}

/// <summary>Why an access of the processor's own failed.</summary>
/// <param name="Vector">#PF, #GP or #SS.</param>
/// <param name="Fault">The page fault, for #PF.</param>
public readonly record struct SystemFault(ExceptionVector Vector, PageFault Fault);
