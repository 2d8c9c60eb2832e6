using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Decodes the block at RIP: from the first byte to a branch, the page's end or the most instructions a block holds.</summary>
internal sealed unsafe class BlockDecoder : IDisposable
{
    private const int LongestInstruction = WrongEncodings.LongestInstruction;

    private readonly Vcpu _vcpu;
    private readonly BlockWriter _writer = new();
    private readonly byte[] _window = new byte[4096 + LongestInstruction];
    private readonly WrongEncodings _wrong;
    private readonly WindowReader _reader;
    private Decoder? _decoder;
    private DecoderOptions _options;
    private ulong _start;

    /// <summary>A decoder that adds to the blocks of <paramref name="vcpu"/>.</summary>
    public BlockDecoder(Vcpu vcpu)
    {
        _vcpu = vcpu;
        _wrong = new WrongEncodings(_window);
        _reader = new WindowReader(_window);
    }

    /// <summary>Decodes the block at <paramref name="rip"/>, whose first byte lies at <paramref name="start"/>.</summary>
    /// <returns>Null when its first instruction runs into a page whose fetch faults; <see cref="Vcpu.Exit"/> then says so.</returns>
    public Block? Decode(ulong rip, PhysAddr start, BlockUse use)
    {
        int inPage = 4096 - (int)(rip & 0xFFF);
        int most = use == BlockUse.Step ? 1 : BlockWriter.MaxInstructions;
        TakeCode(start, Math.Min(inPage, (most + 1) * LongestInstruction));
        _start = rip;
        Block block = _vcpu.Blocks.Begin(rip, start, use);
        _writer.Begin(block.Number, rip);
        int used = Fill(rip, inPage, most);
        Pfn last = start.Frame;
        if (used == 0 && !TryCross(rip, inPage, out used, out last))
        {
            return null;
        }

        return Finish(block, used, last);
    }

    /// <summary>Frees the working memory.</summary>
    public void Dispose() => _writer.Dispose();

    /// <summary>Copies code into the window, ones where there is no RAM.</summary>
    private void TakeCode(PhysAddr start, int bytes)
    {
        Span<byte> window = _window.AsSpan(0, bytes);
        ReadOnlySpan<byte> code = _vcpu.Ram.Slice(start, bytes);
        code.CopyTo(window);
        window[code.Length..].Fill(0xFF);
    }

    private static bool EndsBlock(in Instruction instruction) => instruction.FlowControl != FlowControl.Next;

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

    private int Fill(ulong rip, int inPage, int most)
    {
        ref Decoder decoder = ref Aim(rip, inPage);
        int used = 0;
        bool ended = false;
        while (!ended && _writer.InstructionCount < most && used < inPage)
        {
            DecodeOne(ref decoder, used, out Instruction instruction);
            if (decoder.LastError == DecoderError.NoMoreBytes)
            {
                int left = inPage - used;
                bool hopeless = used == 0 && _wrong.IsHopeless(_vcpu.Model, inPage);
                if (left < LongestInstruction && !hopeless)
                {
                    break;
                }

                // What cannot become an instruction is wrong already: the next page is not asked.
                EmitWrong(instruction, hopeless ? &Invalid.Undefined : &Invalid.TooLong);
                return inPage;
            }

            used += instruction.Length;
            ended = Emit(instruction) || EndsBlock(instruction);
        }

        if (!ended && _writer.InstructionCount > 0)
        {
            AddLink(rip + (ulong)used);
        }

        return used;
    }

    /// <summary>Decodes the one instruction that starts in this page and ends in the next.</summary>
    private bool TryCross(ulong rip, int inPage, out int used, out Pfn last)
    {
        used = 0;
        ulong next = rip + (ulong)inPage;
        if (!Fetching.TryTranslate(_vcpu, next, out PhysAddr second))
        {
            last = default;
            return false;
        }

        last = second.Frame;
        Span<byte> tail = _window.AsSpan(inPage, LongestInstruction);
        tail.Fill(0xFF);
        _vcpu.Ram.Slice(second, LongestInstruction).CopyTo(tail);
        ref Decoder decoder = ref Aim(rip, inPage + LongestInstruction);
        DecodeOne(ref decoder, 0, out Instruction instruction);
        used = instruction.Length;
        if (!Emit(instruction) && !EndsBlock(instruction))
        {
            AddLink(rip + (ulong)used);
        }

        return true;
    }

    /// <summary>Emits one instruction; true when the block has to end behind it.</summary>
    private bool Emit(in Instruction instruction)
    {
        ReadOnlySpan<byte> code = _window.AsSpan((int)(instruction.IP - _start), instruction.Length);
        ref Instruction taken = ref _writer.Take(FarBranches.Judge(Pauses.Judge(instruction, code, _vcpu.Model), code));
        int before = _writer.OpCount;
        OpBuilder b = new(_writer, in taken, _vcpu.Model);
        if (instruction.IsInvalid)
        {
            int at = (int)(instruction.IP - _start);
            bool tooLong = instruction.Length == LongestInstruction ? _wrong.IsTooLong(_vcpu.Model, at) : _wrong.IsTooLongInstead(_vcpu.Model, at);
            b.Op->Run = tooLong ? &Invalid.TooLong : &Invalid.Undefined;
            return true;
        }

        CpuFeatures missing = FeatureGate.NeedsOf(instruction.Code) & ~_vcpu.Model.Features;
        if (missing != CpuFeatures.None)
        {
            b.Op->Immediate = (ulong)missing;
            b.Op->Run = &Invalid.NotInModel;
            return true;
        }

        if (_vcpu.Blocks.Bars != StateBars.None && StateGate.Judge(instruction, _vcpu.Blocks.Bars) is var barred && barred != StateAnswer.Runs)
        {
            b.Op->Run = barred == StateAnswer.Undefined ? &Invalid.Undefined : &Invalid.NotAvailable;
            return true;
        }

        if (MmxMoves.Waits(instruction))
        {
            b.WaitFirst();
        }

        Emitter? emit = EmitterTable.Of(taken.Mnemonic);
        if (emit is null || !emit(ref b))
        {
            _writer.Truncate(before);
            OpBuilder unknown = new(_writer, in taken, _vcpu.Model);
            unknown.Op->Run = &Invalid.Unsupported;
            return true;
        }

        ushort opcode = instruction.Encoding == EncodingKind.Legacy
            ? X87Opcode.Of(_window.AsSpan((int)(instruction.IP - _start), instruction.Length))
            : (ushort)0;
        if (opcode != 0)
        {
            _writer.MarkFpu(before, opcode);
        }

        return false;
    }

    private void EmitWrong(in Instruction instruction, delegate*<Vcpu, CpuState*, Op*, Op*> handler)
    {
        ref Instruction taken = ref _writer.Take(instruction);
        OpBuilder b = new(_writer, in taken, _vcpu.Model);
        b.Op->Run = handler;
    }

    private void AddLink(ulong address)
    {
        Op* link = _writer.Next(default);
        link->Immediate = address;
        link->Rip = address;
        link->Ordinal = (ushort)_writer.InstructionCount;
        link->Run = &Linking.FollowLink;
    }

    private Block Finish(Block block, int used, Pfn last)
    {
        ReadOnlySpan<Op> ops = _writer.Finish();
        block.Take(_window.AsSpan(0, used), _writer.Instructions, last);
        _vcpu.Domain.Protect(block.Start.Frame);
        if (last != block.Start.Frame)
        {
            _vcpu.Domain.Protect(last);
        }

        _vcpu.Blocks.Add(block, ops);
        return block;
    }

    private sealed class WindowReader(byte[] window) : CodeReader
    {
        private int _at;
        private int _end;

        public void Aim(int bytes) => (_at, _end) = (0, bytes);

        public override int ReadByte() => _at < _end ? window[_at++] : -1;
    }
}
