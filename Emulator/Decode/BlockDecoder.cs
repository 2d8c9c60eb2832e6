using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Decode;

/// <summary>Reads the block at RIP: from the first byte to a branch, the page's end or the most instructions a block holds.</summary>
/// <remarks>
/// <code>
///  fetch (MMU) ─► bytes ─► Iced ─► what this processor reads instead ─► verdict: features, control bits, length
/// </code>
/// </remarks>
internal sealed class BlockDecoder
{
    private const int LongestInstruction = WrongEncodings.LongestInstruction;

    private readonly Vcpu _vcpu;
    private readonly byte[] _window = new byte[4096 + LongestInstruction];
    private readonly DecodedBlock _block;
    private readonly WrongEncodings _wrong;
    private readonly WindowReader _reader;
    private Decoder? _decoder;
    private DecoderOptions _options;

    /// <summary>A decoder of what <paramref name="vcpu"/> fetches.</summary>
    public BlockDecoder(Vcpu vcpu)
    {
        _vcpu = vcpu;
        _block = new DecodedBlock(_window);
        _wrong = new WrongEncodings(_window);
        _reader = new WindowReader(_window);
    }

    /// <summary>Reads the block at <paramref name="rip"/>, whose first byte lies at <paramref name="start"/>.</summary>
    /// <returns>
    /// What was read, valid until the next call; null when its first instruction runs into a page whose fetch faults:
    /// <see cref="Vcpu.Exit"/> then says so.
    /// </returns>
    public DecodedBlock? Decode(ulong rip, PhysAddr start, BlockUse use)
    {
        int inPage = 4096 - (int)(rip & 0xFFF);
        int most = use == BlockUse.Step ? 1 : DecodedBlock.MaxInstructions;
        TakeCode(start, Math.Min(inPage, (most + 1) * LongestInstruction));
        _block.Begin(rip);
        _block.LastFrame = start.Frame;
        Fill(rip, inPage, most);
        return _block.Count > 0 || TryCross(rip, inPage) ? _block : null;
    }

    /// <summary>Copies code into the window, ones where there is no RAM.</summary>
    private void TakeCode(PhysAddr start, int bytes)
    {
        Span<byte> window = _window.AsSpan(0, bytes);
        ReadOnlySpan<byte> code = _vcpu.Ram.Slice(start, bytes);
        code.CopyTo(window);
        window[code.Length..].Fill(0xFF);
    }

    /// <summary>Decodes what lies at <paramref name="at"/>; bytes that a model does not look at are first set as the decoder wants them.</summary>
    private void DecodeOne(ref Decoder decoder, int at, out Instruction instruction)
    {
        int ignored = _vcpu.Model.Has(CpuHabits.PermuteIgnoresW) ? WrongEncodings.WideBitOf(_window.AsSpan(at)) : -1;
        if (ignored < 0)
        {
            decoder.Decode(out instruction);
            return;
        }

        byte kept = _window[at + ignored];
        _window[at + ignored] |= WrongEncodings.Wide;
        decoder.Decode(out instruction);
        _window[at + ignored] = kept;
    }

    /// <summary>The decoder, about to read the first bytes of the window.</summary>
    private ref Decoder Aim(ulong rip, int bytes)
    {
        DecoderOptions options = FeatureGate.OptionsOf(_vcpu.Model);
        if (_decoder is null || options != _options)
        {
            (_decoder, _options) = (Decoder.Create(64, _reader, options), options);
        }

        _reader.Aim(bytes);
        _decoder.IP = rip;
        return ref _decoder!;
    }

    private void Fill(ulong rip, int inPage, int most)
    {
        ref Decoder decoder = ref Aim(rip, inPage);
        bool goesOn = true;
        while (goesOn && _block.Count < most && _block.Length < inPage)
        {
            DecodeOne(ref decoder, _block.Length, out Instruction instruction);
            if (decoder.LastError == DecoderError.NoMoreBytes)
            {
                TakeCutOff(instruction, inPage);
                return;
            }

            goesOn = Take(instruction);
        }
    }

    /// <summary>Judges bytes that end with the page, and are no instruction so far; those that may become one are left.</summary>
    private void TakeCutOff(in Instruction instruction, int inPage)
    {
        bool hopeless = _block.Count == 0 && _wrong.IsHopeless(_vcpu.Model, inPage);
        if (inPage - _block.Length >= LongestInstruction || hopeless)
        {
            // What cannot become an instruction is wrong already: the next page is not asked.
            _ = _block.Add(instruction, Verdict.Of(hopeless ? VerdictKind.Undefined : VerdictKind.TooLong));
            _block.Extend(inPage);
        }
    }

    /// <summary>Decodes the one instruction that starts in this page and ends in the next.</summary>
    private bool TryCross(ulong rip, int inPage)
    {
        if (!Fetching.TryTranslate(_vcpu, rip + (ulong)inPage, out PhysAddr second))
        {
            return false;
        }

        _block.LastFrame = second.Frame;
        Span<byte> tail = _window.AsSpan(inPage, LongestInstruction);
        tail.Fill(0xFF);
        _vcpu.Ram.Slice(second, LongestInstruction).CopyTo(tail);
        ref Decoder decoder = ref Aim(rip, inPage + LongestInstruction);
        DecodeOne(ref decoder, 0, out Instruction instruction);
        _ = Take(instruction);
        return true;
    }

    /// <summary>Judges one instruction and adds it; true when more may follow.</summary>
    private bool Take(in Instruction read)
    {
        ReadOnlySpan<byte> code = _window.AsSpan(_block.Length, read.Length);
        Instruction instruction = read.Code switch
        {
            Code.Pause => Pauses.Judge(read, code, _vcpu.Model),
            Code.Call_m1632 => WideFarCalls.Judge(read, code),
            _ => read,
        };
        return _block.Add(instruction, Judge(instruction));
    }

    private Verdict Judge(in Instruction instruction)
    {
        if (instruction.IsInvalid)
        {
            int at = _block.Length;
            bool tooLong = instruction.Length == LongestInstruction ? _wrong.IsTooLong(_vcpu.Model, at) : _wrong.IsTooLongInstead(_vcpu.Model, at);
            return Verdict.Of(tooLong ? VerdictKind.TooLong : VerdictKind.Undefined);
        }

        CpuFeatures missing = FeatureGate.NeedsOf(instruction.Code) & ~_vcpu.Model.Features;
        return missing != CpuFeatures.None ? new Verdict(VerdictKind.NotInModel, missing)
            : Verdict.Of(_vcpu.Blocks.Bars == StateBars.None ? VerdictKind.Runs : StateGate.Judge(instruction, _vcpu.Blocks.Bars));
    }

    private sealed class WindowReader(byte[] window) : CodeReader
    {
        private int _at;
        private int _end;

        public void Aim(int bytes) => (_at, _end) = (0, bytes);

        public override int ReadByte() => _at < _end ? window[_at++] : -1;
    }
}
