using System.Buffers.Binary;

namespace MmuEmu.Emulator.Cpu;

/// <summary>The 512-byte area of FXSAVE and FXRSTOR in 64-bit mode.</summary>
/// <remarks>
/// <code>
///   0 FCW   2 FSW   4 FTW (one bit per register in use)   6 FOP   8 FIP   16 FDP   24 MXCSR   28 MXCSR_MASK
///  32 ST0 to ST7, 16 bytes each   160 XMM0 to XMM15, 16 bytes each   416 reserved and free
/// </code>
/// Source: [SDM2 "FXSAVE"].
/// </remarks>
public static unsafe class FxImage
{
    /// <summary>The x87 control word after FNINIT.</summary>
    public const ushort InitialControl = 0x037F;

    private const int Mxcsr = 24;
    private const ushort ControlBits = 0x1F3F;
    private const ushort ControlAlwaysSet = 0x0040;
    private const ushort Exceptions = 0x3F;
    private const ushort Top = 0x3800;
    private const ushort Pending = 0x8080;
    private const int St = 32;
    private const int Xmm = 160;

    /// <summary>The image of a processor after FNINIT with MXCSR 1F80H; MXCSR_MASK, which nothing loads, is zero.</summary>
    public static void Reset(Span<byte> image)
    {
        image.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(image, InitialControl);
        BinaryPrimitives.WriteUInt32LittleEndian(image[Mxcsr..], 0x1F80);
    }

    /// <summary>Writes the x87 and SSE state; the bytes from 416 on stay as they are.</summary>
    public static void Save(Vcpu vcpu, Span<byte> image)
    {
        SaveX87(vcpu, image);
        SaveMxcsr(vcpu, image);
        SaveXmm(vcpu.State, image);
    }

    /// <summary>Takes the x87 and SSE state from an image; MXCSR bits that do not exist are dropped.</summary>
    public static void Load(Vcpu vcpu, ReadOnlySpan<byte> image)
    {
        LoadX87(vcpu, image);
        vcpu.State->Mxcsr = MxcsrOf(image) & FxRules.Of(vcpu.Model).MxcsrMask;
        LoadXmm(vcpu.State, image);
    }

    /// <summary>Writes the x87 state: bytes 0 to 23 and 32 to 159.</summary>
    public static void SaveX87(Vcpu vcpu, Span<byte> image)
    {
        CpuState* s = vcpu.State;
        BinaryPrimitives.WriteUInt16LittleEndian(image, s->FpuControl);
        BinaryPrimitives.WriteUInt16LittleEndian(image[2..], (ushort)((s->FpuStatus & ~0x3800) | (s->FpuTop << 11)));
        (image[4], image[5]) = ((byte)s->FpuInUse, 0);
        FpuPointers.Save(s, image, FxRules.Of(vcpu.Model));
        for (int i = 0; i < 8; i++)
        {
            Span<byte> slot = image.Slice(St + (i * 16), 16);
            slot.Clear();
            new ReadOnlySpan<byte>(s->Fpu + (((s->FpuTop + i) & 7) * 16), 10).CopyTo(slot);
        }
    }

    /// <summary>The control word that loading <paramref name="value"/> gives: reserved bits read as the processor gives them.</summary>
    internal static ushort ControlOf(ushort value) => (ushort)((value & ControlBits) | ControlAlwaysSet);

    /// <summary>The status word without TOP that loading <paramref name="value"/> gives: whether an exception is pending follows from flags and masks.</summary>
    internal static ushort StatusOf(ushort value, ushort control)
    {
        bool pending = (value & ~control & Exceptions) != 0;
        return (ushort)((value & ~(Top | Pending)) | (pending ? Pending : 0));
    }

    /// <summary>Takes the x87 state from an image.</summary>
    public static void LoadX87(Vcpu vcpu, ReadOnlySpan<byte> image)
    {
        CpuState* s = vcpu.State;
        s->FpuControl = ControlOf(BinaryPrimitives.ReadUInt16LittleEndian(image));
        ushort status = BinaryPrimitives.ReadUInt16LittleEndian(image[2..]);
        s->FpuStatus = StatusOf(status, s->FpuControl);
        s->FpuTop = (status >> 11) & 7;
        s->FpuInUse = image[4];
        FpuPointers.Load(s, image, FxRules.Of(vcpu.Model));
        for (int i = 0; i < 8; i++)
        {
            image.Slice(St + (i * 16), 10).CopyTo(new Span<byte>(s->Fpu + (((s->FpuTop + i) & 7) * 16), 10));
        }
    }

    /// <summary>Writes MXCSR and its mask: bytes 24 to 31.</summary>
    public static void SaveMxcsr(Vcpu vcpu, Span<byte> image)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(image[Mxcsr..], vcpu.State->Mxcsr);
        BinaryPrimitives.WriteUInt32LittleEndian(image[(Mxcsr + 4)..], FxRules.Of(vcpu.Model).MxcsrMask);
    }

    /// <summary>The MXCSR of an image.</summary>
    public static uint MxcsrOf(ReadOnlySpan<byte> image) => BinaryPrimitives.ReadUInt32LittleEndian(image[Mxcsr..]);

    /// <summary>Writes the XMM registers: bytes 160 to 415.</summary>
    public static void SaveXmm(CpuState* s, Span<byte> image)
    {
        for (int i = 0; i < 16; i++)
        {
            new ReadOnlySpan<byte>(s->Vectors + (i * 32), 16).CopyTo(image[(Xmm + (i * 16))..]);
        }
    }

    /// <summary>Takes the XMM registers from an image; the upper halves of the YMM registers stay.</summary>
    public static void LoadXmm(CpuState* s, ReadOnlySpan<byte> image)
    {
        for (int i = 0; i < 16; i++)
        {
            image.Slice(Xmm + (i * 16), 16).CopyTo(new Span<byte>(s->Vectors + (i * 32), 16));
        }
    }
}
