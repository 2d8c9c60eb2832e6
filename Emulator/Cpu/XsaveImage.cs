using System.Buffers.Binary;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu;

/// <summary>The registers of a vCPU as XSAVE lays them out, component by component.</summary>
/// <remarks>
/// A component is in use when its registers differ from their initial values: AMD processors track it so, and a program cannot tell
/// by what is saved that it ever was otherwise. Source: [SDM1 "Processor Tracking of XSAVE-Managed State"]; checked against the host.
/// </remarks>
public static unsafe class XsaveImage
{
    /// <summary>MXCSR in its initial configuration.</summary>
    public const uint InitialMxcsr = 0x1F80;

    private const int X87End = 160;
    private const int MxcsrAt = 24;
    private const int RegistersAt = 32;

    /// <summary>The components of <paramref name="wanted"/> that are in use. MXCSR does not count as SSE state here.</summary>
    public static ulong InUse(Vcpu vcpu, ulong wanted)
    {
        CpuState* s = vcpu.State;
        ulong used = 0;
        used |= (wanted & XsaveComponents.X87) != 0 && X87InUse(vcpu) ? XsaveComponents.X87 : 0;
        used |= (wanted & XsaveComponents.Sse) != 0 && HalvesInUse(s->Vectors) ? XsaveComponents.Sse : 0;
        used |= (wanted & XsaveComponents.Avx) != 0 && HalvesInUse(s->Vectors + 16) ? XsaveComponents.Avx : 0;
        used |= (wanted & XsaveComponents.Pkru) != 0 && vcpu.Control.Pkru != 0 ? XsaveComponents.Pkru : 0;
        return used;
    }

    /// <summary>Writes <paramref name="components"/> into <paramref name="area"/>; MXCSR and the header are the caller's part.</summary>
    /// <param name="vcpu">Whose registers.</param>
    /// <param name="area">The area, legacy region first.</param>
    /// <param name="components">What to write.</param>
    /// <param name="pkruOffset">Where PKRU lies in this area, in bytes; it depends on the format.</param>
    public static void Save(Vcpu vcpu, Span<byte> area, ulong components, int pkruOffset)
    {
        CpuState* s = vcpu.State;
        if ((components & XsaveComponents.X87) != 0)
        {
            FxImage.SaveX87(vcpu, area);
        }

        if ((components & XsaveComponents.Sse) != 0)
        {
            FxImage.SaveXmm(s, area);
        }

        if ((components & XsaveComponents.Avx) != 0)
        {
            SaveUpper(s, area[XsaveComponents.AvxOffset..]);
        }

        if ((components & XsaveComponents.Pkru) != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(area[pkruOffset..], vcpu.Control.Pkru);
        }
    }

    /// <summary>XRSTOR of what <paramref name="asked"/> and XCR0 name: present components are loaded, the others get initial values.</summary>
    /// <param name="vcpu">Whose registers.</param>
    /// <param name="area">The area, as long as its header says.</param>
    /// <param name="asked">The components wanted.</param>
    /// <returns>False, and nothing changed, where the instruction answers #GP(0).</returns>
    public static bool TryRestore(Vcpu vcpu, ReadOnlySpan<byte> area, ulong asked)
    {
        XsaveHeader header = XsaveHeader.Of(area[XsaveComponents.HeaderOffset..]);
        asked &= vcpu.Control.Xcr0;
        uint mxcsr = MxcsrAfter(vcpu, area, asked, header);
        if (!header.IsValidFor(vcpu) || (mxcsr & ~FxRules.Of(vcpu.Model).MxcsrMask) != 0)
        {
            return false;
        }

        vcpu.State->Mxcsr = mxcsr;
        Load(vcpu, area, asked & header.Present, header.PkruOffset);
        Reset(vcpu, asked & ~header.Present);
        return true;
    }

    /// <summary>Gives <paramref name="components"/> their initial values; MXCSR is the caller's part.</summary>
    public static void Reset(Vcpu vcpu, ulong components)
    {
        CpuState* s = vcpu.State;
        if ((components & XsaveComponents.X87) != 0)
        {
            Span<byte> image = stackalloc byte[UserContext.FxBytes];
            FxImage.Reset(image);
            FxImage.LoadX87(vcpu, image);
        }

        if ((components & XsaveComponents.Sse) != 0)
        {
            ClearHalves(s->Vectors);
        }

        if ((components & XsaveComponents.Avx) != 0)
        {
            ClearHalves(s->Vectors + 16);
        }

        if ((components & XsaveComponents.Pkru) != 0)
        {
            SetPkru(vcpu, 0);
        }
    }

    /// <summary>Gives every register that XSAVE knows its initial value, MXCSR included; PKRU stays.</summary>
    public static void ResetAll(Vcpu vcpu)
    {
        vcpu.State->Mxcsr = InitialMxcsr;
        Reset(vcpu, XsaveComponents.X87 | XsaveComponents.Sse | XsaveComponents.Avx);
    }

    /// <summary>FXSAVE: x87 and SSE state with MXCSR, 416 bytes.</summary>
    public static void SaveLegacy(Vcpu vcpu, Span<byte> image) => FxImage.Save(vcpu, image);

    /// <summary>FXRSTOR, the upper halves of the YMM registers cleared.</summary>
    /// <returns>False, and nothing changed, where the instruction answers #GP(0): MXCSR has reserved bits.</returns>
    public static bool TryRestoreLegacy(Vcpu vcpu, ReadOnlySpan<byte> image)
    {
        if ((FxImage.MxcsrOf(image) & ~FxRules.Of(vcpu.Model).MxcsrMask) != 0)
        {
            return false;
        }

        FxImage.Load(vcpu, image);
        ClearHalves(vcpu.State->Vectors + 16);
        return true;
    }

    /// <summary>Writes the upper halves of the YMM registers, 256 bytes.</summary>
    public static void SaveUpper(CpuState* s, Span<byte> halves)
    {
        for (int i = 0; i < 16; i++)
        {
            new ReadOnlySpan<byte>(s->Vectors + (i * 32) + 16, 16).CopyTo(halves[(i * 16)..]);
        }
    }

    /// <summary>Takes the upper halves of the YMM registers, 256 bytes.</summary>
    public static void LoadUpper(CpuState* s, ReadOnlySpan<byte> halves)
    {
        for (int i = 0; i < 16; i++)
        {
            halves.Slice(i * 16, 16).CopyTo(new Span<byte>(s->Vectors + (i * 32) + 16, 16));
        }
    }

    private static void Load(Vcpu vcpu, ReadOnlySpan<byte> area, ulong components, int pkruOffset)
    {
        CpuState* s = vcpu.State;
        if ((components & XsaveComponents.X87) != 0)
        {
            FxImage.LoadX87(vcpu, area);
        }

        if ((components & XsaveComponents.Sse) != 0)
        {
            FxImage.LoadXmm(s, area);
        }

        if ((components & XsaveComponents.Avx) != 0)
        {
            LoadUpper(s, area[XsaveComponents.AvxOffset..]);
        }

        if ((components & XsaveComponents.Pkru) != 0)
        {
            SetPkru(vcpu, BinaryPrimitives.ReadUInt32LittleEndian(area[pkruOffset..]));
        }
    }

    private static uint MxcsrAfter(Vcpu vcpu, ReadOnlySpan<byte> area, ulong asked, in XsaveHeader header)
    {
        bool ruled = (asked & (XsaveComponents.Sse | XsaveComponents.Avx)) != 0;
        return header.IsCompacted switch
        {
            false when ruled => FxImage.MxcsrOf(area),
            true when (asked & header.Present & XsaveComponents.Sse) != 0 => FxImage.MxcsrOf(area),
            true when (asked & XsaveComponents.Sse) != 0 => InitialMxcsr,
            _ => vcpu.State->Mxcsr,
        };
    }

    private static bool X87InUse(Vcpu vcpu)
    {
        if (vcpu.State->FpuControl != FxImage.InitialControl)
        {
            return true;
        }

        Span<byte> image = stackalloc byte[X87End];
        FxImage.SaveX87(vcpu, image);
        return image[2..MxcsrAt].ContainsAnyExcept((byte)0) || image[RegistersAt..].ContainsAnyExcept((byte)0);
    }

    private static bool HalvesInUse(byte* first)
    {
        ulong any = 0;
        for (int i = 0; i < 16; i++)
        {
            ulong* half = (ulong*)(first + (i * 32));
            any |= half[0] | half[1];
        }

        return any != 0;
    }

    private static void ClearHalves(byte* first)
    {
        for (int i = 0; i < 16; i++)
        {
            new Span<byte>(first + (i * 32), 16).Clear();
        }
    }

    private static void SetPkru(Vcpu vcpu, uint value)
    {
        if (vcpu.Control.Pkru != value)
        {
            vcpu.Control.Pkru = value;
            Privilege.Refresh(vcpu);
        }
    }
}
