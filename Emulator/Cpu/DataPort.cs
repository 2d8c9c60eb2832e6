using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Data accesses that the look-aside does not answer: first touch, page crossing, code pages, outside RAM, checked ones.</summary>
/// <remarks>
/// An access that crosses a page is checked on both pages, the lower first, before a byte moves (P-002, P-045); its bytes
/// then travel through a bounce buffer.
/// </remarks>
public sealed unsafe class DataPort
{
    private const int BounceBytes = 4096;

    private readonly Vcpu _vcpu;
    private readonly byte[] _bounce = GC.AllocateArray<byte>(BounceBytes, pinned: true);
    private PhysAddr _first;
    private PhysAddr _second;
    private int _firstBytes;
    private int _secondBytes;
    private bool _bounced;
    private bool _held;

    internal DataPort(Vcpu vcpu) => _vcpu = vcpu;

    /// <summary>True when the last refused access had a non-canonical address.</summary>
    public bool NonCanonical { get; private set; }

    /// <summary>True while a misaligned access raises #AC; see <see cref="AccessChecks"/>.</summary>
    public bool ChecksAlignment { get; set; }

    /// <summary>True while that holds for operands of 16 and 32 bytes too.</summary>
    public bool ChecksVectors { get; set; }

    /// <summary>Who is told of every data access, once per page; null costs nothing. Set it through the machine, which turns the shortcuts off.</summary>
    internal ITraceSink? Seer { get; set; }

    private byte* Bounce => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bounce));

    /// <summary>True when <paramref name="bytes"/> is a copy, valid until the next access.</summary>
    public bool IsCopy(byte* bytes) => bytes == Bounce;

    /// <summary>See <see cref="Vcpu.Read"/>; at most 4096 bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte* ReadMiss(ulong va, int bytes)
    {
        if (!TryTranslate(va, bytes, MemoryUse.Load))
        {
            return null;
        }

        if (_secondBytes == 0 && _vcpu.Ram.HostPage(_first.Frame) is var host && host != 0)
        {
            if (_held)
            {
                _vcpu.Pages.AddRead(va, host);
            }

            return (byte*)host + (_first.Raw & 0xFFF);
        }

        CopyIn();
        return Bounce;
    }

    /// <summary>See <see cref="Vcpu.Open"/>; at most 4096 bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte* OpenMiss(ulong va, int bytes) => OpenFor(va, bytes, MemoryUse.Update);

    /// <summary>See <see cref="Vcpu.OpenStore"/>; at most 4096 bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte* OpenStoreMiss(ulong va, int bytes) => OpenFor(va, bytes, MemoryUse.Store);

    /// <summary>As <see cref="OpenStoreMiss"/>, for the few operands that are stored without an alignment check.</summary>
    public byte* OpenStoreAnywhere(ulong va, int bytes)
    {
        bool checks = ChecksAlignment;
        ChecksAlignment = false;
        byte* to = OpenFor(va, bytes, MemoryUse.Store);
        ChecksAlignment = checks;
        return to;
    }

    /// <summary>As <see cref="ReadMiss"/>, for the few operands that are loaded without an alignment check.</summary>
    public byte* ReadAnywhere(ulong va, int bytes)
    {
        bool checks = ChecksAlignment;
        ChecksAlignment = false;
        byte* from = ReadMiss(va, bytes);
        ChecksAlignment = checks;
        return from;
    }

    /// <summary>The first <paramref name="bytes"/> of an operand that is longer, zeroes behind them; null when they fault.</summary>
    public byte* ReadStart(ulong va, int bytes, int operandBytes)
    {
        if (!TryTranslate(va, bytes, MemoryUse.Load))
        {
            return null;
        }

        CopyIn();
        _bounce.AsSpan(bytes, operandBytes - bytes).Clear();
        return Bounce;
    }

    /// <summary>False, and #GP(0) noted, when an operand does not have canonical addresses throughout.</summary>
    public bool TryCanonical(ulong va, int bytes)
    {
        int addressBits = _vcpu.Mmu.Mode.AddressBits;
        bool canonical = new VirtAddr(va).IsCanonical(addressBits) && new VirtAddr(va + (ulong)bytes - 1).IsCanonical(addressBits);
        if (!canonical)
        {
            RefuseMisaligned();
        }

        NonCanonical = !canonical;
        return canonical;
    }

    /// <summary>Notes #GP(0) for an operand that does not lie at a multiple of what it has to.</summary>
    public void RefuseMisaligned()
    {
        NonCanonical = false;
        _vcpu.Exit.Kind = CoreExitKind.Exception;
        _vcpu.Exit.Vector = ExceptionVector.GP;
        _vcpu.Exit.ErrorCode = 0;
        _vcpu.Exit.Unsupported = false;
    }

    private byte* OpenFor(ulong va, int bytes, MemoryUse use)
    {
        if (!TryTranslate(va, bytes, use))
        {
            return null;
        }

        if (_secondBytes == 0 && _vcpu.Ram.HostPageToWrite(_first.Frame) is var host && host != 0)
        {
            if (_vcpu.Domain.HasCode(_first.Frame))
            {
                _vcpu.State->PendingStore = 1;
                _bounced = false;
            }
            else if (_held)
            {
                _vcpu.Pages.AddWrite(va, host);
            }

            return (byte*)host + (_first.Raw & 0xFFF);
        }

        CopyIn();
        _bounced = true;
        _vcpu.State->PendingStore = 1;
        return Bounce;
    }

    /// <summary>See <see cref="Vcpu.Commit"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CommitMiss()
    {
        _vcpu.State->PendingStore = 0;
        if (_bounced)
        {
            Span<byte> first = _vcpu.Ram.SliceToWrite(_first, _firstBytes);
            Span<byte> second = _vcpu.Ram.SliceToWrite(_second, _secondBytes);
            new ReadOnlySpan<byte>(Bounce, first.Length).CopyTo(first);
            new ReadOnlySpan<byte>(Bounce + _firstBytes, second.Length).CopyTo(second);
        }

        _vcpu.CodeWritten(_first, _firstBytes);
        if (_secondBytes > 0)
        {
            _vcpu.CodeWritten(_second, _secondBytes);
        }
    }

    private bool TryTranslate(ulong va, int bytes, MemoryUse use)
    {
        int left = 4096 - (int)(va & 0xFFF);
        bool plain = bytes <= left && (ulong)((long)(va << 16) >> 16) == va;
        NonCanonical = false;
        if (!plain && !TryCanonical(va, bytes))
        {
            return false;
        }

        if (plain && !ChecksAlignment && !_vcpu.Debug.WatchesData)
        {
            (_firstBytes, _secondBytes) = (bytes, 0);
            return TryOne(va, use, bytes, out _first);
        }

        if (ChecksAlignment && (va & Alignment.MaskOf(bytes)) != 0 && (ChecksVectors || bytes is not (16 or 32)))
        {
            _vcpu.Exit.Kind = CoreExitKind.Exception;
            _vcpu.Exit.Vector = ExceptionVector.AC;
            _vcpu.Exit.ErrorCode = 0;
            return false;
        }

        if (_vcpu.Debug.WatchesData)
        {
            NoteForBreakpoints(va, bytes, use);
        }

        _firstBytes = Math.Min(bytes, left);
        _secondBytes = bytes - _firstBytes;
        return TryOne(va, use, _firstBytes, out _first) && (_secondBytes == 0 || TryOne(va + (ulong)_firstBytes, use, _secondBytes, out _second));
    }

    private void NoteForBreakpoints(ulong va, int bytes, MemoryUse use)
    {
        if (use == MemoryUse.Load)
        {
            _vcpu.Debug.NoteRead(va, bytes);
        }
        else
        {
            _vcpu.Debug.NoteWrite(va, bytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryOne(ulong va, MemoryUse use, int bytes, out PhysAddr address)
    {
        AccessKind kind = use == MemoryUse.Load ? AccessKind.Read : AccessKind.Write;
        Access access = new(new VirtAddr(va), kind, _vcpu.Origin);
        bool passed = _vcpu.Mmu.TryTranslate(access, out Translated translation, out PageFault fault);
        address = translation.Address;
        _held = translation.Held;
        if (passed)
        {
            _vcpu.Clock?.Data(_vcpu.Mmu.LastOutcome, address, bytes, use);
            if (Seer is { } seer)
            {
                Tell(seer, access, address, bytes);
            }

            return true;
        }

        NoteFault(kind, fault);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteFault(AccessKind kind, in PageFault fault)
    {
        _vcpu.Clock?.Fault(_vcpu.Mmu.LastOutcome, kind);
        _vcpu.Exit.Kind = CoreExitKind.PageFault;
        _vcpu.Exit.Fault = fault;
        _vcpu.Exit.Path.Take(_vcpu.Mmu.LastOutcome.LastPath);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tell(ITraceSink seer, in Access access, PhysAddr address, int bytes) =>
        seer.Take(new TraceEvent(TraceEventKind.Access)
        {
            Address = access.Address,
            Frame = address.Frame,
            Count = (ulong)bytes,
            Detail = new AccessDetail(access, address),
        });

    /// <summary>What the last access has left behind; the bounce buffer's content means nothing between two runs.</summary>
    internal DataPortImage Save() => new(
        _first, _second, _firstBytes, _secondBytes, _bounced, _held, NonCanonical, ChecksAlignment, ChecksVectors);

    /// <summary>Takes that state again.</summary>
    internal void Restore(in DataPortImage image)
    {
        (_first, _second, _firstBytes, _secondBytes) = (image.First, image.Second, image.FirstBytes, image.SecondBytes);
        (_bounced, _held, NonCanonical) = (image.Bounced, image.Held, image.NonCanonical);
        (ChecksAlignment, ChecksVectors) = (image.ChecksAlignment, image.ChecksVectors);
    }

    private void CopyIn()
    {
        Span<byte> bounce = _bounce;
        bounce[..(_firstBytes + _secondBytes)].Fill(0xFF);
        _vcpu.Ram.Slice(_first, _firstBytes).CopyTo(bounce);
        if (_secondBytes > 0)
        {
            _vcpu.Ram.Slice(_second, _secondBytes).CopyTo(bounce[_firstBytes..]);
        }
    }
}
