using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Decodes the block at RIP: from the first byte to a branch, the page's end or the most instructions a block holds.</summary>
internal sealed unsafe class BlockDecoder : IDisposable
{
    private const int LongestInstruction = 15;
    private const int MostPrefixesJudged = 4;

    private readonly Vcpu _vcpu;
    private readonly BlockWriter _writer = new();
    private readonly byte[] _window = new byte[4096 + LongestInstruction];
    private ulong _start;

    /// <summary>A decoder that adds to the blocks of <paramref name="vcpu"/>.</summary>
    public BlockDecoder(Vcpu vcpu) => _vcpu = vcpu;

    /// <summary>Decodes the block at <paramref name="rip"/>, whose first byte lies at <paramref name="start"/>.</summary>
    /// <returns>Null when its first instruction runs into a page whose fetch faults; <see cref="Vcpu.Exit"/> then says so.</returns>
    public Block? Decode(ulong rip, PhysAddr start, BlockUse use)
    {
        int inPage = 4096 - (int)(rip & 0xFFF);
        Span<byte> window = _window.AsSpan(0, inPage);
        window.Fill(0xFF);
        _vcpu.Ram.Slice(start, inPage).CopyTo(window);

        _start = rip;
        _writer.Begin(_vcpu.Blocks.Count, rip);
        int used = Fill(rip, inPage, use == BlockUse.Step ? 1 : BlockWriter.MaxInstructions);
        Pfn last = start.Frame;
        if (used == 0 && !TryCross(rip, inPage, out used, out last))
        {
            return null;
        }

        return Finish(rip, start, last, used, use);
    }

    /// <summary>Frees the working memory.</summary>
    public void Dispose() => _writer.Dispose();

    private static bool EndsBlock(in Instruction instruction) => instruction.FlowControl != FlowControl.Next;

    private int Fill(ulong rip, int inPage, int most)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(_window, 0, inPage), rip, FeatureGate.OptionsOf(_vcpu.Model));
        int used = 0;
        bool ended = false;
        while (!ended && _writer.InstructionCount < most && used < inPage)
        {
            decoder.Decode(out Instruction instruction);
            if (decoder.LastError == DecoderError.NoMoreBytes)
            {
                int left = inPage - used;
                bool wrong = left >= LongestInstruction || (used == 0 && IsHopeless(inPage));
                if (!wrong)
                {
                    break;
                }

                // What cannot become an instruction is wrong already: the next page is not asked.
                EmitWrong(instruction, left >= LongestInstruction ? &Invalid.TooLong : &Invalid.Undefined);
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
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(_window, 0, inPage + LongestInstruction), rip, FeatureGate.OptionsOf(_vcpu.Model));
        decoder.Decode(out Instruction instruction);
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
        ref Instruction taken = ref _writer.Take(Pauses.Judge(instruction, code));
        int before = _writer.OpCount;
        OpBuilder b = new(_writer, in taken, _vcpu.Model);
        if (instruction.IsInvalid)
        {
            b.Op->Run = instruction.Length == LongestInstruction && IsTooLong((int)(instruction.IP - _start)) ? &Invalid.TooLong : &Invalid.Undefined;
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

    /// <summary>True when the last bytes of the page hold an opcode that no further byte makes an instruction.</summary>
    /// <remarks>Opcodes of the longer maps, of VEX and its kin, and behind many prefixes are left to the next page.</remarks>
    private bool IsHopeless(int inPage)
    {
        int opcode = 0;
        while (opcode < inPage && IsPrefix(_window[opcode]))
        {
            opcode++;
        }

        bool two = opcode < inPage && _window[opcode] == 0x0F;
        bool longer = opcode == inPage || opcode > MostPrefixesJudged
            || (two ? opcode + 1 == inPage || _window[opcode + 1] is 0x0F or 0x38 or 0x3A : _window[opcode] is 0x62 or 0x8F or 0xC4 or 0xC5);
        _window.AsSpan(inPage, LongestInstruction).Clear();
        for (int next = 0; next < 256 && !longer; next++)
        {
            _window[inPage] = (byte)next;
            Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(_window, 0, inPage + LongestInstruction));
            decoder.Decode(out Instruction instruction);
            longer = !instruction.IsInvalid;
        }

        return !longer;
    }

    private static bool IsPrefix(byte code) =>
        code is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or (>= 0x40 and <= 0x4F);

    /// <summary>True when the 15 bytes at <paramref name="at"/> are no instruction only because more would have to follow.</summary>
    /// <remarks>
    /// Without a first prefix or several, what is left is then an instruction, or again too long; a LOCK that is wrong counts as right here,
    /// because the length is judged first.
    /// </remarks>
    private bool IsTooLong(int at)
    {
        int prefixes = 0;
        while (prefixes < LongestInstruction && IsPrefix(_window[at + prefixes]))
        {
            prefixes++;
        }

        if (prefixes == LongestInstruction)
        {
            return true;
        }

        for (int i = 1; i < LongestInstruction; i++)
        {
            int length = Math.Min(LongestInstruction, _window.Length - at - i);
            Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(_window, at + i, length), DecoderOptions.NoInvalidCheck);
            decoder.Decode(out Instruction rest);
            if (!rest.IsInvalid || rest.Length < LongestInstruction)
            {
                return decoder.LastError == DecoderError.NoMoreBytes || (!rest.IsInvalid && i + rest.Length > LongestInstruction);
            }
        }

        return true;
    }

    private void AddLink(ulong address)
    {
        Op* link = _writer.Next(default);
        link->Immediate = address;
        link->Rip = address;
        link->Ordinal = (ushort)_writer.InstructionCount;
        link->Run = &Linking.FollowLink;
    }

    private Block Finish(ulong rip, PhysAddr start, Pfn last, int used, BlockUse use)
    {
        int opCount = _writer.OpCount;
        Op* head = _writer.Finish(out Instruction[] instructions);
        Block block = new()
        {
            Head = head,
            OpCount = opCount,
            Rip = rip,
            Start = start,
            LastFrame = last,
            Code = _window[..used],
            Instructions = instructions,
            Single = use == BlockUse.Step,
        };
        _vcpu.Domain.Protect(start.Frame);
        if (last != start.Frame)
        {
            _vcpu.Domain.Protect(last);
        }

        _vcpu.Blocks.Add(block, use);

        return block;
    }
}
