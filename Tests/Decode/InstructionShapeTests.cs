using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Decode;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Tests.Fuzz;
using MmuEmu.Tests.Oracles;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Decode;

/// <summary>The shape of an instruction says what it waits for and what waits for it; executing it is the judge.</summary>
public sealed class InstructionShapeTests
{
    private const int Rounds = 3;

    private static readonly RegisterSet Everything = new(ulong.MaxValue);

    /// <summary>Instructions whose results are not functions of registers and memory: time, and random numbers.</summary>
    private static readonly Mnemonic[] Sources = [Mnemonic.Rdtsc, Mnemonic.Rdtscp, Mnemonic.Rdrand, Mnemonic.Rdseed];

    [Fact]
    public void No_instruction_changes_what_its_shape_does_not_name()
    {
        using ShapeRun run = new();
        FuzzRandom random = new(20261130);
        List<string> offences = [];
        byte[] untouched = Untouched(run);
        foreach ((Code code, byte[] bytes) in UserCodes.All)
        {
            InstructionShape shape = ShapeOf(bytes);
            for (int round = 0; round < Rounds; round++)
            {
                UserContext before = ShapeRun.Registers(random);
                if (run.Execute(bytes, before, out byte[] memory) is not { } after)
                {
                    continue;
                }

                RegisterSet wrong = new(ShapeRun.Differences(before, after).Bits & ~shape.Writes.Bits);
                uint wrongFlags = ShapeRun.FlagDifferences(before, after) & ~(shape.FlagsWritten | shape.FlagsUndefined);
                bool stores = !memory.AsSpan().SequenceEqual(untouched);
                if (!wrong.IsEmpty || wrongFlags != 0 || (stores && !shape.Memory.HasFlag(MemoryShape.Stores)))
                {
                    offences.Add($"{code}: registers {wrong.Bits:x}, flags {wrongFlags:x}, stores {stores}");
                    break;
                }
            }
        }

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void No_result_depends_on_what_a_shape_does_not_read()
    {
        using ShapeRun run = new();
        FuzzRandom random = new(20261201);
        List<string> offences = [];
        int judged = 0;
        foreach ((Code code, byte[] bytes) in UserCodes.All.Where(one => !Sources.Contains(one.Key.Mnemonic())))
        {
            InstructionShape shape = ShapeOf(bytes);
            for (int round = 0; round < Rounds; round++)
            {
                UserContext before = ShapeRun.Registers(random);
                UserContext disturbed = ShapeRun.Disturbed(before, shape.Reads, shape.FlagsRead, random);
                if (run.Execute(bytes, before, out byte[] memory) is not { } after)
                {
                    continue;
                }

                judged++;
                RegisterSet kept = ShapeRun.Differences(before, disturbed) & new RegisterSet(~shape.Writes.Bits);
                UserContext? other = run.Execute(bytes, disturbed, out byte[] otherMemory);
                bool same = other is not null
                    && (ShapeRun.Differences(after, other) & new RegisterSet(~kept.Bits)).IsEmpty
                    && (ShapeRun.FlagDifferences(after, other) & shape.FlagsWritten) == 0
                    && memory.AsSpan().SequenceEqual(otherMemory);
                if (!same)
                {
                    RegisterSet wrong = other is null ? Everything : ShapeRun.Differences(after, other) & new RegisterSet(~kept.Bits);
                    offences.Add($"{code}: registers {wrong.Bits:x}");
                    break;
                }
            }
        }

        judged.ShouldBeGreaterThan(4000);
        offences.ShouldBeEmpty();
    }

    [Fact]
    public void An_address_is_read_also_where_its_memory_is_written()
    {
        InstructionShape shape = ShapeOf(Assemble(a => a.mov(__qword_ptr.fs[rbx + r9 * 4], rdx)));

        shape.Reads.ShouldBe(RegisterSet.General(3) | RegisterSet.General(9) | RegisterSet.General(2) | RegisterSet.Fs);
        shape.Writes.ShouldBe(RegisterSet.None);
        shape.Memory.ShouldBe(MemoryShape.Stores);
    }

    [Fact]
    public void A_locked_addition_loads_and_stores_and_sets_six_flags()
    {
        InstructionShape shape = ShapeOf(Assemble(a => a.@lock.add(__dword_ptr[rdi], esi)));

        shape.Class.ShouldBe(InstructionClass.Locked);
        shape.Memory.ShouldBe(MemoryShape.Loads | MemoryShape.Stores);
        (shape.FlagsRead, shape.FlagsWritten, shape.FlagsUndefined).ShouldBe((0U, 0x8D5U, 0U));
    }

    [Fact]
    public void A_multiplication_leaves_four_flags_undefined()
    {
        InstructionShape shape = ShapeOf(Assemble(a => a.mul(rcx)));

        (shape.Reads, shape.Writes).ShouldBe((RegisterSet.General(0) | RegisterSet.General(1), RegisterSet.General(0) | RegisterSet.General(2)));
        (shape.FlagsWritten, shape.FlagsUndefined).ShouldBe((0x801U, 0xD4U));
    }

    private static byte[] Untouched(ShapeRun run)
    {
        _ = run.Execute([0x90], ShapeRun.Registers(new FuzzRandom(1)), out byte[] memory);
        return memory;
    }

    private static InstructionShape ShapeOf(byte[] bytes)
    {
        Decoder.Create(64, new ByteArrayCodeReader(bytes), FeatureGate.OptionsOf(CpuModels.Max)).Decode(out Instruction instruction);
        return new ShapeReader().Of(instruction);
    }

    private static byte[] Assemble(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), 0);
        return stream.ToArray();
    }
}
