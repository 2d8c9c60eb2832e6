using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Every integer instruction against Iced's tables: the flags it may touch, the flags it depends on, the memory it uses.</summary>
public sealed class InstructionFactsTests
{
    private const int CasesPerCode = 24;
    private const ulong Region = BareCore.Data;

    [Fact]
    public void Flags_that_an_instruction_does_not_modify_stay_and_those_it_clears_or_sets_are_so()
    {
        // Iced's facts are Intel's: on AMD's processors RCL and RCR all the way round leave an OF of their own (ShiftFlagsOfFirstStep).
        using BareCore core = new(CpuModels.Max.MadeBy(CpuVendor.Intel));
        ForEachCase(core, seed: 31, (instruction, random) =>
        {
            ulong before = (ulong)random.NextInt64() & (Rflags.Arithmetic | Rflags.DF);
            core.SetFlags(before);
            if (core.Run(1).Kind != CoreExitKind.BudgetSpent)
            {
                return null;
            }

            ulong after = core.Flags & (Rflags.Arithmetic | Rflags.DF);
            ulong strange = (before ^ after) & ~BitsOf(instruction.RflagsModified);
            bool wrong = (after & BitsOf(instruction.RflagsCleared)) != 0 || (~after & BitsOf(instruction.RflagsSet)) != 0;
            return strange != 0 || wrong ? $"{instruction}: flags {before:X} became {after:X}" : null;
        });
    }

    [Fact]
    public void Results_depend_on_no_flag_that_the_instruction_does_not_read()
    {
        using BareCore core = new();
        ForEachCase(core, seed: 32, (instruction, random) =>
        {
            ulong[] registers = [.. Enumerable.Range(0, 16).Select(i => core.Core.Vcpu[i])];
            byte[] memory = core.DataBytes(0, 0x4000).ToArray();
            ulong read = BitsOf(instruction.RflagsRead);
            ulong flags = (ulong)random.NextInt64() & Rflags.Arithmetic;
            (ulong[] Registers, byte[] Memory) first = Run(flags);
            (ulong[] Registers, byte[] Memory) second = Run((flags & read) | (~flags & Rflags.Arithmetic & ~read));
            return first.Registers.SequenceEqual(second.Registers) && first.Memory.AsSpan().SequenceEqual(second.Memory)
                ? null
                : $"{instruction}: the result follows a flag outside {instruction.RflagsRead}";

            (ulong[] Registers, byte[] Memory) Run(ulong value)
            {
                for (int i = 0; i < 16; i++)
                {
                    core.Core.Vcpu[i] = registers[i];
                }

                memory.CopyTo(core.DataBytes(0, memory.Length));
                core.Rip = BareCore.Code;
                core.SetFlags(value);
                core.Run(1);
                return ([.. Enumerable.Range(0, 16).Select(i => core.Core.Vcpu[i])], core.DataBytes(0, memory.Length).ToArray());
            }
        });
    }

    [Fact]
    public void An_instruction_touches_the_memory_that_it_is_said_to_use_and_no_other()
    {
        using BareCore core = new();
        core.Core.Vcpu.Model = CpuModels.Max.MadeBy(CpuVendor.Intel);
        Recorder recorder = new();
        core.Core.Trace = recorder;
        InstructionInfoFactory facts = new();
        ForEachCase(core, seed: 33, (instruction, random) =>
        {
            bool bits = instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc;
            if (bits && instruction.Op1Kind == OpKind.Register && instruction.Op0Kind == OpKind.Memory)
            {
                return null;
            }

            List<(ulong, int, bool)> expected = [];
            foreach (UsedMemory used in facts.GetInfo(instruction).GetUsedMemory())
            {
                if (used.Access is not (OpAccess.None or OpAccess.NoMemAccess)
                    && used.TryGetVirtualAddress(0, out ulong address, (Register register, int _, int _, out ulong value) => ValueOf(core, register, out value)))
                {
                    expected.Add((address, used.MemorySize.GetSize(), used.Access is not (OpAccess.Read or OpAccess.CondRead)));
                }
            }

            recorder.Seen.Clear();
            return core.Run(1).Kind == CoreExitKind.BudgetSpent && !recorder.Joined().Order().SequenceEqual(expected.Order())
                ? $"{instruction}: touched {string.Join(' ', recorder.Joined())}, expected {string.Join(' ', expected)}"
                : null;
        });
        recorder.Total.ShouldBeGreaterThan(4000);
    }

    private static void ForEachCase(BareCore core, int seed, Func<Instruction, Random, string?> check)
    {
        Random random = new(seed);
        IntegerForms forms = new(Region + 0x1000, random);
        random.NextBytes(core.DataBytes(0, 0x4000));
        List<string> breaches = [];
        foreach (Code code in IntegerForms.Codes)
        {
            for (int made = 0, tried = 0; made < CasesPerCode && tried < 20 * CasesPerCode && breaches.Count < 5; tried++)
            {
                if (!forms.TryMake(code, out Instruction instruction, out byte[] bytes) || !TryPlace(core, instruction, random))
                {
                    continue;
                }

                made++;
                core.Load(bytes).Core.Vcpu.CodeWritten(new PhysAddr(0x40_0000), 16);
                if (check(instruction, random) is { } breach)
                {
                    breaches.Add(breach);
                }
            }
        }

        breaches.ShouldBeEmpty();
    }

    private static bool TryPlace(BareCore core, in Instruction instruction, Random random)
    {
        for (int i = 0; i < 16; i++)
        {
            core.Core.Vcpu[i] = random.Next(2) == 0 ? (ulong)random.Next(64) : (ulong)random.NextInt64();
        }

        ulong address = Region + 0x1000 + (ulong)random.Next(0x1800);
        if (instruction.IsStringInstruction)
        {
            (core[Register.RSI], core[Register.RDI]) = (address, Region + 0x800 + (ulong)random.Next(0x2000));
            return !instruction.HasRepPrefix && !instruction.HasRepnePrefix;
        }

        if (instruction.MemoryBase == Register.None)
        {
            return true;
        }

        if (instruction.MemoryIndex is not (Register.None or Register.AL)
            || (instruction.Op1Kind == OpKind.Register && instruction.Op1Register.GetFullRegister().GetNumber() == instruction.MemoryBase.GetNumber()))
        {
            return false;
        }

        address &= instruction.Mnemonic == Mnemonic.Cmpxchg16b ? ~15UL : ~0UL;
        core.Core.Vcpu[instruction.MemoryBase.GetNumber()] = address - instruction.MemoryDisplacement64;
        if (instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && instruction.Op1Kind == OpKind.Register)
        {
            core.Core.Vcpu[instruction.Op1Register.GetFullRegister().GetNumber()] = (ulong)random.Next(16);
        }

        return true;
    }

    private static bool ValueOf(BareCore core, Register register, out ulong value)
    {
        value = register.IsSegmentRegister() ? 0 : core[register];
        value = register.GetSize() switch { 4 => (uint)value, 1 => (byte)value, _ => value };
        return true;
    }

    private static ulong BitsOf(RflagsBits bits) =>
        ((bits & RflagsBits.CF) != 0 ? Rflags.CF : 0) | ((bits & RflagsBits.PF) != 0 ? Rflags.PF : 0)
        | ((bits & RflagsBits.AF) != 0 ? Rflags.AF : 0) | ((bits & RflagsBits.ZF) != 0 ? Rflags.ZF : 0)
        | ((bits & RflagsBits.SF) != 0 ? Rflags.SF : 0) | ((bits & RflagsBits.OF) != 0 ? Rflags.OF : 0)
        | ((bits & RflagsBits.DF) != 0 ? Rflags.DF : 0);

    private sealed class Recorder : ITraceSink
    {
        public List<(ulong Address, int Bytes, bool Writes)> Seen { get; } = [];

        public int Total { get; private set; }

        public TraceMask Wanted { get; } = TraceMask.Of(TraceEventKind.Access);

        public void Take(in TraceEvent happened)
        {
            Total++;
            Seen.Add((happened.Address.Raw, (int)happened.Count, ((AccessDetail)happened.Detail!).Access.Kind == AccessKind.Write));
        }

        /// <summary>The accesses; two halves of one that crosses a page are one again.</summary>
        public List<(ulong, int, bool)> Joined()
        {
            List<(ulong Address, int Bytes, bool Writes)> joined = [];
            foreach ((ulong address, int bytes, bool writes) in Seen)
            {
                if (joined.Count > 0 && (address & 0xFFF) == 0 && joined[^1].Address + (ulong)joined[^1].Bytes == address && joined[^1].Writes == writes)
                {
                    joined[^1] = (joined[^1].Address, joined[^1].Bytes + bytes, writes);
                    continue;
                }

                joined.Add((address, bytes, writes));
            }

            return joined;
        }
    }
}
