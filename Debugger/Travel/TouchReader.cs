using Iced.Intel;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Debugger.Travel;

/// <summary>Which bytes an instruction is about to read and write, from its operands and the registers before it; the machine is not asked for them.</summary>
/// <remarks>
/// To be told of each access by the machine would keep its look-aside from answering, and such a run is another one after a while. Elements that the
/// mask of a store leaves out count as touched.
/// </remarks>
internal sealed class TouchReader
{
    private const int MostKnown = 1 << 16;

    /// <summary>What XSAVE and its like touch with x87, SSE and AVX in use: the decoder gives them no size.</summary>
    private const ulong StateBytes = 832;

    private readonly InstructionInfoFactory _facts = new();
    private readonly Dictionary<ulong, (Instruction Instruction, UsedMemory[] Memory)> _known = [];
    private readonly List<Touch> _touches = [];

    /// <summary>What <paramref name="instruction"/> touches, and a repeated one in all the rounds that are left; valid until the next call.</summary>
    public List<Touch> Of(Vcpu cpu, in Instruction instruction)
    {
        _touches.Clear();
        foreach (UsedMemory memory in MemoryOf(instruction))
        {
            ulong start = AddressOf(cpu, instruction, memory);
            bool reads = memory.Access is not (OpAccess.Write or OpAccess.CondWrite);
            if (memory.VsibSize != 0)
            {
                GatherTouches.Add(_touches, cpu, instruction, memory, start);
            }
            else if (Repeats(instruction))
            {
                AddRounds(cpu, instruction, memory, start, reads);
            }
            else
            {
                int bytes = memory.MemorySize.GetSize();
                _touches.Add(new Touch(start, bytes == 0 ? StateBytes : (ulong)bytes, reads));
            }
        }

        return _touches;
    }

    private UsedMemory[] MemoryOf(in Instruction instruction)
    {
        if (_known.TryGetValue(instruction.IP, out (Instruction Instruction, UsedMemory[] Memory) known) && known.Instruction == instruction)
        {
            return known.Memory;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        UsedMemory[] memory = [.. _facts.GetInfo(instruction).GetUsedMemory().Where(used => used.Access is not (OpAccess.None or OpAccess.NoMemAccess))];
        _known[instruction.IP] = (instruction, memory);
        return memory;
    }

    /// <summary>True for a string instruction that RCX counts the rounds of.</summary>
    public static bool Repeats(in Instruction instruction) => instruction.IsStringInstruction && (instruction.HasRepPrefix || instruction.HasRepnePrefix);

    private void AddRounds(Vcpu cpu, in Instruction instruction, in UsedMemory memory, ulong start, bool reads)
    {
        ulong rounds = memory.AddressSize == CodeSize.Code32 ? (uint)cpu[Gpr.Rcx] : cpu[Gpr.Rcx];
        ulong bytes = (ulong)instruction.MemorySize.GetSize();
        bool falls = (cpu.Flags & Rflags.DF) != 0;
        bool mayEnd = instruction.Mnemonic is Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq
            or Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd or Mnemonic.Scasq;
        if (rounds != 0)
        {
            _touches.Add(new Touch(falls ? start - ((rounds - 1) * bytes) : start, rounds * bytes, reads) { Round = mayEnd ? bytes : 0, Falls = falls });
        }
    }

    private static ulong AddressOf(Vcpu cpu, in Instruction instruction, in UsedMemory memory)
    {
        ulong start = memory.Segment switch
        {
            Register.FS => cpu.FsBase,
            Register.GS => cpu.GsBase,
            _ => 0,
        };

        // The displacement of an address relative to RIP is the address itself.
        ulong address = ValueOf(cpu, memory.Base) + (ValueOf(cpu, memory.Index) * (ulong)memory.Scale) + memory.Displacement + BitsAway(cpu, instruction);
        return start + (memory.AddressSize == CodeSize.Code32 ? (uint)address : address);
    }

    /// <summary>How far from its operand a bit test whose bit is named by a register reads.</summary>
    private static ulong BitsAway(Vcpu cpu, in Instruction instruction)
    {
        if (instruction.Mnemonic is not (Mnemonic.Bt or Mnemonic.Btc or Mnemonic.Btr or Mnemonic.Bts) || instruction.Op1Kind != OpKind.Register)
        {
            return 0;
        }

        long bit = (long)ValueOf(cpu, instruction.Op1Register);
        return instruction.MemorySize.GetSize() switch
        {
            2 => (ulong)((short)bit >> 4 << 1),
            4 => (ulong)((long)(int)bit >> 5 << 2),
            _ => (ulong)(bit >> 6 << 3),
        };
    }

    private static ulong ValueOf(Vcpu cpu, Register register) =>
        register.GetFullRegister() is >= Register.RAX and <= Register.R15 and var full ? cpu[full - Register.RAX] : 0;
}
