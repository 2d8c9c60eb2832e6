using System.Runtime.InteropServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Fuzz;

namespace MmuEmu.Tests.Oracles;

/// <summary>Runs one integer instruction on the host's processor and on a bare core, from the same registers and the same memory.</summary>
public sealed unsafe class IntegerComparison : IDisposable
{
    private const ulong Region = 0x2000_0000;
    private const int RegionBytes = 0x4000;
    private const ulong Frame = 0x800;
    private static readonly int[] Compared = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];

    private readonly HostCpu _host = new();
    private readonly BareCore _guest = new(HostProcessor.Like(CpuModels.Max));
    private readonly Random _random;
    private readonly IntegerForms _forms;
    private readonly byte* _memory;
    private readonly ulong[] _registers = new ulong[16];
    private readonly byte[] _before = new byte[RegionBytes];

    public IntegerComparison(int seed)
    {
        _random = new Random(seed);
        _forms = new IntegerForms(Region + 0x1000, _random);
        _memory = (byte*)Map((nint)Region, RegionBytes, 3, 0x10_0022, -1, 0);
        ((ulong)_memory).ShouldBe(Region, "the fixed region is taken");
        for (ulong i = 0; i < RegionBytes / 4096; i++)
        {
            _guest.Map(Region + (i << 12), Frame + i, PteBits.P | PteBits.RW | PteBits.US | PteBits.XD);
        }

        _random.NextBytes(HostMemory);
        HostMemory.CopyTo(GuestMemory);
        fixed (byte* fx = _host.Frame.Fx)
        {
            FxImage.Save(_guest.Core.Vcpu, new Span<byte>(fx, 512));
        }
    }

    /// <summary>Cases compared so far, those that raise #DE on paper included.</summary>
    public int Cases { get; private set; }

    private Span<byte> HostMemory => new(_memory, RegionBytes);

    private Span<byte> GuestMemory => _guest.Ram.SliceToWrite(new PhysAddr(Frame << 12), RegionBytes);

    /// <summary>Compares <paramref name="cases"/> random cases of <paramref name="code"/>; null, or the first case that differs.</summary>
    public string? FirstDifference(Code code, int cases)
    {
        const int perInstruction = 8;
        for (int made = 0, tried = 0; made < cases && tried < 50 * cases; tried++)
        {
            if (!_forms.TryMake(code, out Instruction instruction, out byte[] bytes))
            {
                continue;
            }

            _host.Prepare(bytes);
            bytes.CopyTo(_guest.Ram.SliceToWrite(new PhysAddr(0x40_0000), bytes.Length));
            _guest.Core.Vcpu.CodeWritten(new PhysAddr(0x40_0000), 16);
            for (int i = 0; i < perInstruction; i++)
            {
                if (!TryMakeRegisters(instruction) || HasUndefinedResult(instruction))
                {
                    break;
                }

                made++;
                Cases++;
                string? difference = RunBoth(instruction, bytes.Length);
                if (difference is not null)
                {
                    return $"{Assembly(instruction)} ({Convert.ToHexString(bytes)}): {difference}";
                }
            }
        }

        return null;
    }

    public void Dispose()
    {
        _host.Dispose();
        _guest.Dispose();
        _ = Unmap(_memory, RegionBytes);
    }

    private static string Assembly(in Instruction instruction)
    {
        StringOutput output = new();
        new IntelFormatter().Format(instruction, output);
        return output.ToString();
    }

    /// <summary>Random registers that put the memory operand into the region; false when this instruction's operands do not allow it.</summary>
    private bool TryMakeRegisters(in Instruction instruction)
    {
        for (int i = 0; i < 16; i++)
        {
            _registers[i] = AnyValue();
        }

        if (instruction.IsStringInstruction)
        {
            _registers[1] = (ulong)_random.Next(40);
            _registers[6] = Region + 0x1000 + (ulong)_random.Next(0x1000);
            _registers[7] = Region + 0x1000 + (ulong)_random.Next(0x1000);
            return true;
        }

        bool bits = instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc;
        if (bits && instruction.Op1Kind == OpKind.Register)
        {
            _registers[instruction.Op1Register.GetFullRegister().GetNumber()] = (ulong)_random.Next(-4000, 4000);
        }

        if (instruction.Op0Kind != OpKind.Memory && instruction.Op1Kind != OpKind.Memory && instruction.Op2Kind != OpKind.Memory)
        {
            return true;
        }

        return PlaceMemory(instruction, bits);
    }

    private bool PlaceMemory(in Instruction instruction, bool bits)
    {
        if (instruction.MemoryBase == Register.None)
        {
            return true;
        }

        int @base = instruction.MemoryBase.GetNumber();
        Register index = instruction.MemoryIndex;
        ulong away = instruction.MemoryDisplacement64;
        if (index == Register.AL)
        {
            away = 0;
        }
        else if (index != Register.None)
        {
            if (index.GetNumber() == @base)
            {
                return false;
            }

            if (!(bits && instruction.Op1Kind == OpKind.Register && instruction.Op1Register.GetFullRegister().GetNumber() == index.GetNumber()))
            {
                _registers[index.GetNumber()] = (ulong)_random.Next(-4000, 4000);
            }

            away += _registers[index.GetNumber()] * (ulong)instruction.MemoryIndexScale;
        }

        if (bits && instruction.Op1Kind == OpKind.Register && instruction.Op1Register.GetFullRegister().GetNumber() == @base)
        {
            return false;
        }

        ulong address = Region + 0x1800 + (ulong)_random.Next(0x800);
        address &= instruction.Mnemonic == Mnemonic.Cmpxchg16b ? ~15UL : ~0UL;
        _registers[@base] = address - away;
        bool narrow = instruction.MemoryBase.GetSize() == 4;
        _registers[@base] = narrow ? (uint)_registers[@base] | ((ulong)_random.Next() << 32) : _registers[@base];
        return true;
    }

    private ulong AnyValue() => _random.Next(6) switch
    {
        0 => (ulong)_random.Next(-40, 40),
        1 => 1UL << _random.Next(64),
        2 => (1UL << _random.Next(64)) - 1,
        3 => (uint)_random.NextInt64(),
        _ => (ulong)_random.NextInt64() ^ ((ulong)_random.Next(2) << 63),
    };

    private string? RunBoth(in Instruction instruction, int length)
    {
        ulong flags = Rflags.AlwaysSet | Rflags.IF | ((ulong)_random.NextInt64() & Rflags.Arithmetic);
        flags |= instruction.IsStringInstruction && _random.Next(3) == 0 ? Rflags.DF : 0;
        HostMemory.CopyTo(_before);
        bool divideError = DivisionOracle.Raises(instruction, _registers, a => BitConverter.ToUInt64(_before, (int)(a - Region)));

        CpuState* s = _guest.Core.Vcpu.State;
        for (int i = 0; i < 16; i++)
        {
            s->Slots[i] = _registers[i];
            _host.Frame.General[i] = _registers[i];
        }

        s->Rip = BareCore.Code;
        Rflags.Write(s, flags);
        _host.Frame.Flags = flags;
        CoreExit exit = _guest.Run(1);
        if (divideError)
        {
            return exit.Kind == CoreExitKind.Exception && exit.Vector == ExceptionVector.DE ? null : $"#DE expected, {exit.Kind}" + Inputs(flags);
        }

        if (exit.Kind != CoreExitKind.BudgetSpent || s->Rip != BareCore.Code + (ulong)length)
        {
            return $"guest stops: {exit.Kind} {exit.Vector} RIP {s->Rip:X}" + Inputs(flags);
        }

        _host.Run();
        return Compare(instruction, s, flags);
    }

    private string? Compare(in Instruction instruction, CpuState* s, ulong flags)
    {
        List<string> found = [];
        foreach (int i in Compared)
        {
            Note(found, (Register.RAX + i).ToString(), _host.Frame.General[i], s->Slots[i]);
        }

        ulong mask = (Rflags.Arithmetic | Rflags.DF) & ~Undefined(instruction);
        Note(found, "RFLAGS", _host.Frame.Flags & mask, Rflags.Read(s) & mask);
        if (!HostMemory.SequenceEqual(GuestMemory))
        {
            int at = HostMemory.CommonPrefixLength(GuestMemory);
            found.Add($"memory +{at:X}: host {Convert.ToHexString(HostMemory.Slice(at & ~7, 16))} guest {Convert.ToHexString(GuestMemory.Slice(at & ~7, 16))}");
            HostMemory.CopyTo(GuestMemory);
        }

        return found.Count == 0 ? null : string.Join("; ", found) + Inputs(flags);
    }

    /// <summary>Flags that the manual leaves undefined for this instruction with these operands.</summary>
    private ulong Undefined(in Instruction instruction)
    {
        RflagsBits bits = instruction.RflagsUndefined;

        // OF is defined for rotates by one bit only; processors differ when a rotate through carry goes all the way round.
        bits |= instruction.Mnemonic is Mnemonic.Rcl or Mnemonic.Rcr && instruction.Op1Kind == OpKind.Immediate8 && (instruction.Immediate8 & 63) != 1
            ? RflagsBits.OF
            : RflagsBits.None;
        bool byCl = instruction.Op1Kind == OpKind.Register && instruction.Op1Register == Register.CL
            || (instruction.OpCount == 3 && instruction.Op2Kind == OpKind.Register);
        if (byCl && (_registers[1] & 0xFF) == 0)
        {
            return 0;
        }

        return ((bits & RflagsBits.CF) != 0 ? Rflags.CF : 0) | ((bits & RflagsBits.PF) != 0 ? Rflags.PF : 0)
            | ((bits & RflagsBits.AF) != 0 ? Rflags.AF : 0) | ((bits & RflagsBits.ZF) != 0 ? Rflags.ZF : 0)
            | ((bits & RflagsBits.SF) != 0 ? Rflags.SF : 0) | ((bits & RflagsBits.OF) != 0 ? Rflags.OF : 0);
    }

    /// <summary>SHLD and SHRD of 16 bits by more than 16: the manual leaves the result undefined.</summary>
    private bool HasUndefinedResult(in Instruction instruction)
    {
        if (instruction.Mnemonic is not (Mnemonic.Shld or Mnemonic.Shrd) || instruction.Op1Register.GetSize() != 2)
        {
            return false;
        }

        ulong count = instruction.Op2Kind == OpKind.Register ? _registers[1] : instruction.Immediate8;
        return (count & 31) > 16;
    }

    private string Inputs(ulong flags) =>
        $" | flags {flags:X} " + string.Join(' ', Compared.Select(i => $"{Register.RAX + i} {_registers[i]:X}"));

    private static void Note(List<string> found, string name, ulong host, ulong guest)
    {
        if (host != guest)
        {
            found.Add($"{name} host {host:X} guest {guest:X}");
        }
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern void* Map(nint at, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(void* at, nuint length);
}
